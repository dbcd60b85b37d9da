import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";

/** The least that a function with a table loads: the baseline of `npm run bench -- cold-start`. */
const client = new DynamoDBClient({});

export const handler = () => client.send(new GetItemCommand({ TableName: "table", Key: { pk: { S: "key" } } }));
