import * as z from "zod";
import type { AwsRequest } from "../protocol/aws-request.ts";

type Attributes = Readonly<Record<string, unknown>>;

const attributes = z.record(z.string(), z.unknown());
const writeRequest = z.object({
  PutRequest: z.object({ Item: attributes }).optional(),
  DeleteRequest: z.object({ Key: attributes }).optional(),
});
const single = z.object({ Key: attributes.optional(), Item: attributes.optional() });
const batch = z.object({
  RequestItems: z.record(z.string(), z.union([z.object({ Keys: z.array(attributes) }), z.array(writeRequest)])),
});
const query = z.object({
  KeyConditionExpression: z.string(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
  ExpressionAttributeValues: attributes.default({}),
});

/**
 * The partition keys that a call names: IAM's condition key `dynamodb:LeadingKeys`. `undefined` if the call names none
 * (a Scan), and for transactions and Queries of an index, which are not modelled.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 *
 * @param partitionKey name of the table's partition key
 */
export function leadingKeys({ action, input }: AwsRequest, partitionKey: string): string[] | undefined {
  const values = (rows: readonly (Attributes | undefined)[]) => rows.flatMap((row) => text(row?.[partitionKey]) ?? []);
  switch (action) {
    case "GetItem":
    case "PutItem":
    case "UpdateItem":
    case "DeleteItem": {
      const { Key: key, Item: item } = single.parse(input);
      return values([key ?? item]);
    }
    case "BatchGetItem":
    case "BatchWriteItem":
      return Object.values(batch.parse(input).RequestItems).flatMap((of) =>
        values(
          "Keys" in of ? of.Keys : of.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key),
        ),
      );
    case "Query": {
      const parsed = query.safeParse(input);
      if (input.IndexName !== undefined || !parsed.success) return undefined;
      return values([{ [partitionKey]: equalTo(parsed.data, partitionKey) }]);
    }
    default:
      return undefined;
  }
}

/** The value that a key condition requires of an attribute by `=`. */
function equalTo(of: z.output<typeof query>, attribute: string): unknown {
  for (const [, name = "", value = ""] of of.KeyConditionExpression.matchAll(/([#\w]+)\s*=\s*(:\w+)/g)) {
    if ((of.ExpressionAttributeNames[name] ?? name) === attribute) return of.ExpressionAttributeValues[value];
  }
  return undefined;
}

const string = z.object({ S: z.string() });

function text(value: unknown): string | undefined {
  return string.safeParse(value).data?.S;
}
