import { DeleteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { toItem } from "../../functions/adapters/dynamo-table.ts";
import { shards } from "../../functions/core/lanes.ts";
import type { LocalOutputs } from "../../infra/local/local-tracker.ts";
import { operatorCredentials } from "../../infra/local/operator-credentials.ts";

/** Without cursors, all audits are due. */
export async function forgetCursors({ TableName, DynamoDbEndpoint: endpoint }: LocalOutputs): Promise<void> {
  const client = new DynamoDBClient({ endpoint, ...operatorCredentials });
  for (const shard of shards) {
    await client.send(new DeleteItemCommand({ TableName, Key: toItem({ pk: "POLL", sk: `LANE#${shard}` }) }));
  }
  client.destroy();
}
