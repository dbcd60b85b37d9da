import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { RequestCounts } from "../../core/access/ports.ts";
import { fromItem, key, type Table, toItem } from "./table.ts";

const counted = z.object({ requests: z.number() });

/** A request is not kept waiting for its count, and its function not for long: in milliseconds. */
const timeoutMs = 1_000;

/** How many requests callers have made, a row for each caller and window, which the table forgets. */
export function dynamoRequestCounts({ client, tableName }: Table): RequestCounts {
  return {
    async add(callerId, window, requests, forgetAt) {
      const { Attributes: sum = {} } = await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: toItem({ pk: key("REQUESTS", callerId), sk: key("WINDOW", window) }),
          UpdateExpression: "SET expiresAt = :forgetAt ADD requests :requests",
          ExpressionAttributeValues: toItem({
            // DynamoDB's time to live is in seconds.
            ":forgetAt": Math.ceil(forgetAt / 1_000),
            ":requests": requests,
          }),
          ReturnValues: "UPDATED_NEW",
        }),
        { abortSignal: AbortSignal.timeout(timeoutMs) },
      );
      return fromItem(counted, sum).requests;
    },
  };
}
