import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { auditKey, dynamoAudits } from "../../../functions/adapters/dynamo-audits.ts";
import { dynamoNotifications, notificationKey } from "../../../functions/adapters/dynamo-notifications.ts";
import { type Table, toItem } from "../../../functions/adapters/dynamo-table.ts";
import { replayed } from "../../../functions/core/notification.ts";
import { startDynalite } from "../../support/dynalite.ts";
import { emulatorClient, newTable } from "../../support/dynamo-stores.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification, openAudit } from "../../support/sample-audits.ts";

let client: DynamoDBClient;
let table: Table;
let stop: () => Promise<void>;

beforeAll(async () => {
  const dynalite = await startDynalite();
  client = emulatorClient(dynalite.endpoint);
  table = { ...(await newTable(client)), retention: { auditDays: 100, notificationDays: 10 } };
  stop = dynalite.stop;
});
afterAll(async () => {
  client.destroy();
  await stop();
});

async function expiresAt(key: object): Promise<unknown> {
  const { Item: item = {} } = await client.send(new GetItemCommand({ TableName: table.tableName, Key: toItem(key) }));
  return unmarshall(item).expiresAt;
}

const inDays = (days: number) => Math.ceil(noon / 1_000) + days * 86_400;

test("an audit's row gets its end with the write that takes it out of the outbox", async () => {
  const { lane: _lane, laneAt: _laneAt, ...open } = openAudit();
  const owed = { ...open, status: "CLOSED", settledAt: noon, outboxAt: noon } as const;
  await dynamoAudits(table).create(owed);
  expect(await expiresAt(auditKey(owed))).toBeUndefined();
  const { outboxAt: _outboxAt, ...told } = owed;
  expect(await dynamoAudits(table).update(owed, told, ["outboxAt"])).toBe("done");
  expect(await expiresAt(auditKey(owed))).toBe(inDays(100));
});

test("a delivered notification's row has an end, which a replay takes away", async () => {
  const delivered = aNotification({ status: "delivered", attemptCount: 1, attempts: [{ at: noon, ms: 1 }] });
  const notifications = dynamoNotifications(table);
  await notifications.putDelivered([delivered]);
  expect(await expiresAt(notificationKey(delivered))).toBe(inDays(10));
  expect(await notifications.put(replayed(delivered, noon), delivered)).toBe("done");
  expect(await expiresAt(notificationKey(delivered))).toBeUndefined();
});
