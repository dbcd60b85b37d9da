import { expect, test } from "@jest/globals";
import type { AuditStatus } from "../../../../functions/core/audits/audit.ts";
import { shardOf } from "../../../../functions/core/shared/lanes.ts";
import { dynamoStores } from "../../../support/dynamodb/dynamo-stores.ts";
import { memoryDynamoDb } from "../../../support/dynamodb/memory-dynamodb.ts";
import { noon } from "../../../support/fake-clock.ts";
import { openAudit } from "../../../support/sample-audits.ts";

test("the time of the oldest open audit is known even if its row is unreadable", async () => {
  const { audits, lanes } = await dynamoStores(memoryDynamoDb());
  const ofNewerVersion = openAudit({ auditId: "a", status: "ON_HOLD" as AuditStatus, laneAt: noon });
  await audits.create(ofNewerVersion);
  expect(await lanes.oldestOpen({ organizationId: "org", shard: shardOf("a") })).toBe(noon);
});
