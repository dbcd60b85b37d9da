import { randomBytes } from "node:crypto";
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { fromItem, type Table, toItem } from "./dynamo-table.ts";

const row = z.object({ secret: z.string() });

/** The secret that seals page tokens: made at its first use, the same for every function and for good. */
export function dynamoPageTokenSecret({ client, tableName }: Table): () => Promise<Uint8Array> {
  let known: Promise<Uint8Array> | undefined;
  const fetch = async () => {
    const { Attributes: item = {} } = await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: toItem({ pk: "PAGETOKEN", sk: "SECRET" }),
        UpdateExpression: "SET secret = if_not_exists(secret, :made)",
        ExpressionAttributeValues: toItem({ ":made": randomBytes(32).toString("base64") }),
        ReturnValues: "ALL_NEW",
      }),
    );
    return Buffer.from(fromItem(row, item).secret, "base64");
  };
  return () => {
    known ??= fetch().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
