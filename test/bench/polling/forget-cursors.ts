import { DeleteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { key, toItem } from "../../../functions/adapters/dynamodb/table/table.ts";
import { shards } from "../../../functions/core/shared/lanes.ts";
import type { LocalOutputs } from "../../../infra/local/local-tracker.ts";
import { operatorCredentials } from "../../../infra/local/runner/operator-credentials.ts";

/** Without cursors, all audits are due. */
export async function forgetCursors({
  TableName,
  DynamoDbEndpoint: endpoint,
  OrganizationId,
}: LocalOutputs): Promise<void> {
  const client = new DynamoDBClient({ endpoint, ...operatorCredentials });
  for (const shard of shards) {
    await client.send(
      new DeleteItemCommand({ TableName, Key: toItem({ pk: "POLL", sk: key("CURSOR", OrganizationId, shard) }) }),
    );
  }
  client.destroy();
}
