import { BatchWriteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import { lanePartition } from "../../../functions/adapters/dynamodb/table/lane-partitions.ts";
import { toItem } from "../../../functions/adapters/dynamodb/table/table.ts";
import { shardOf } from "../../../functions/core/shared/lanes.ts";
import type { LocalOutputs } from "../../../infra/local/local-tracker.ts";
import { operatorCredentials } from "../../../infra/local/runner/operator-credentials.ts";

const rowsPerBatch = 25;
const batchesAtOnce = 16;

/** Audits of one age were accepted within this many milliseconds. */
const spreadMs = 10_000;

export interface Seed {
  /** The number of the first audit. */
  first: number;
  count: number;
  /** Ages in milliseconds since acceptance. The audits take these in turn. */
  ages: readonly number[];
}

/** The Kard id of the audit with this number. */
export function kardIdOf(number: number): string {
  return `kard-${number}`;
}

/** Writes open audits directly into the lanes, with the attributes that the poller reads. */
export async function seedAudits(
  outputs: Pick<LocalOutputs, "DynamoDbEndpoint" | "TableName" | "OrganizationId">,
  { first, count, ages }: Seed,
): Promise<void> {
  const now = Date.now();
  const row = (number: number) => {
    const auditId = `audit-${number}`;
    const laneAt = now - (ages[number % ages.length] ?? 0) + (number % spreadMs);
    return toItem({
      ...{ pk: `AUDIT#${outputs.OrganizationId}#${auditId}`, sk: "AUDIT", organizationId: outputs.OrganizationId },
      ...{ auditId, kardAuditId: kardIdOf(number), status: "NEW" },
      ...{ lane: lanePartition("OPEN", outputs.OrganizationId, shardOf(auditId)), laneAt },
    });
  };
  const batches = Array.from({ length: Math.ceil(count / rowsPerBatch) }, (_, batch) => batch * rowsPerBatch);
  const client = new DynamoDBClient({ endpoint: outputs.DynamoDbEndpoint, ...operatorCredentials });
  await pMap(
    batches,
    (begin) => {
      const length = Math.min(rowsPerBatch, count - begin);
      const writes = Array.from({ length }, (_, index) => ({
        PutRequest: { Item: row(first + begin + index) },
      }));
      return client.send(new BatchWriteItemCommand({ RequestItems: { [outputs.TableName]: writes } }));
    },
    { concurrency: batchesAtOnce },
  );
  // The product does not see these writes, so the directory of issuers must be written too.
  const issuer = { pk: "ISSUERS", sk: outputs.OrganizationId, organizationId: outputs.OrganizationId };
  await client.send(
    new BatchWriteItemCommand({ RequestItems: { [outputs.TableName]: [{ PutRequest: { Item: toItem(issuer) } }] } }),
  );
  client.destroy();
}
