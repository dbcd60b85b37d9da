import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { RequestCounts } from "../../core/access/ports.ts";
import { fromItem, key, type Table, toItem } from "./table/table.ts";

const counted = z.object({ requests: z.number() });

/** The timeout of an update, in milliseconds. The invocation waits for it, the request does not. */
const timeoutMs = 1_000;

/** Request counts in the table: one row per caller and window, deleted by TTL. */
export function dynamoRequestCounts({ client, tableName }: Table): RequestCounts {
  return {
    async add(callerId, window, requests, forgetAt) {
      const { Attributes: sum = {} } = await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: toItem({ pk: key("REQUESTS", callerId), sk: key("WINDOW", window) }),
          UpdateExpression: "SET expiresAt = :forgetAt ADD requests :requests",
          ExpressionAttributeValues: toItem({
            // DynamoDB's TTL is in seconds.
            // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
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
