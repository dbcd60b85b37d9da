import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { adoptionKey, dynamoAdoptions } from "../../../../functions/adapters/dynamodb/adoptions.ts";
import { auditKey } from "../../../../functions/adapters/dynamodb/audit-row.ts";
import { dynamoAudits } from "../../../../functions/adapters/dynamodb/audits.ts";
import { dynamoKardAuditIds, kardAuditIdKey } from "../../../../functions/adapters/dynamodb/kard-audit-ids.ts";
import { dynamoNotifications, notificationKey } from "../../../../functions/adapters/dynamodb/notifications.ts";
import { updateRow } from "../../../../functions/adapters/dynamodb/table/rows.ts";
import { type RowKey, type Table, toItem } from "../../../../functions/adapters/dynamodb/table/table.ts";
import { replayed } from "../../../../functions/core/notifications/notification.ts";
import { startDynalite } from "../../../support/dynamodb/dynalite.ts";
import { emulatorClient, newTable } from "../../../support/dynamodb/dynamo-stores.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aNotification, openAudit, pendingAdoption } from "../../../support/sample-audits.ts";

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

async function attributesOf(key: object): Promise<Record<string, unknown>> {
  const { Item: item = {} } = await client.send(new GetItemCommand({ TableName: table.tableName, Key: toItem(key) }));
  return unmarshall(item);
}

async function expiresAt(key: object): Promise<unknown> {
  return (await attributesOf(key)).expiresAt;
}

/** A newer version of the product has stored an attribute that this one does not know. */
async function addNewerAttribute(rowKey: RowKey): Promise<void> {
  await updateRow(table, rowKey, "SET addedLater = :yes", {
    condition: "attribute_exists(pk)",
    values: { ":yes": "yes" },
  });
}

const dayMs = 86_400_000;
const inDays = (days: number) => Math.ceil(noon / 1_000) + days * 86_400;

test("an audit's row expires from the write that removes it from the outbox", async () => {
  const { lane: _lane, laneAt: _laneAt, ...open } = openAudit();
  const owed = { ...open, status: "CLOSED", settledAt: noon, outboxAt: noon } as const;
  await dynamoAudits(table).create(owed);
  expect(await expiresAt(auditKey(owed))).toBeUndefined();
  const { outboxAt: _outboxAt, ...published } = owed;
  expect(await dynamoAudits(table).update(owed, published, ["outboxAt"])).toBe("done");
  expect(await expiresAt(auditKey(owed))).toBe(inDays(100));
});

test("an audit with a verdict of its follow-up expires as its latest event does, and so does its Kard id", async () => {
  const { lane: _lane, laneAt: _laneAt, ...open } = openAudit({ auditId: "followed-up", kardAuditId: "kard-f" });
  const closed = { ...open, status: "CLOSED", settledAt: noon, fulfilment: "pending" } as const;
  await dynamoKardAuditIds(table).claim("kard-f", closed);
  await dynamoAudits(table).create(closed);
  expect(await expiresAt(auditKey(closed))).toBe(inDays(100));
  const owed = { ...closed, fulfilment: "fulfilled", fulfilmentAt: noon + 30 * dayMs, outboxAt: noon } as const;
  await dynamoAudits(table).update(closed, owed, []);
  expect(await expiresAt(auditKey(closed))).toBeUndefined();
  const { outboxAt: _outboxAt, ...published } = owed;
  await dynamoAudits(table).update(owed, published, ["outboxAt"]);
  for (const key of [auditKey(closed), kardAuditIdKey("kard-f")]) expect(await expiresAt(key)).toBe(inDays(130));
});

test("an audit without a verdict expires by its settlement", async () => {
  const { lane: _lane, laneAt: _laneAt, ...open } = openAudit({ auditId: "unknown" });
  const ended = { fulfilment: "unknown", fulfilmentAt: noon + 30 * dayMs } as const;
  await dynamoAudits(table).create({ ...open, ...ended, status: "CLOSED", settledAt: noon });
  expect(await expiresAt(auditKey(open))).toBe(inDays(100));
});

test("its Kard id expires with it, unless the id is another audit's", async () => {
  const { lane: _lane, laneAt: _laneAt, ...open } = openAudit({ auditId: "with-kard-id", kardAuditId: "kard-2" });
  const owed = { ...open, status: "CLOSED", settledAt: noon, outboxAt: noon } as const;
  const { outboxAt: _outboxAt, ...published } = owed;
  const ids = dynamoKardAuditIds(table);
  await ids.claim("kard-2", owed);
  await ids.claim("kard-3", { organizationId: "other", auditId: "x" });
  await addNewerAttribute(kardAuditIdKey("kard-2"));
  await dynamoAudits(table).create(owed);
  await dynamoAudits(table).update(owed, published, ["outboxAt"]);
  expect(await attributesOf(kardAuditIdKey("kard-2"))).toMatchObject({ expiresAt: inDays(100), addedLater: "yes" });
  expect(await ids.find("kard-2")).toEqual({ organizationId: "org", auditId: "with-kard-id" });
  await dynamoAudits(table).update({ ...owed, kardAuditId: "kard-3" }, { ...published, kardAuditId: "kard-3" }, []);
  expect(await expiresAt(kardAuditIdKey("kard-3"))).toBeUndefined();
  // The audit has expired before its Kard id, and is adopted again.
  await ids.claim("kard-2", owed);
  expect(await expiresAt(kardAuditIdKey("kard-2"))).toBeUndefined();
});

test("a delivered notification's row expires, and a replay cancels that", async () => {
  const delivered = aNotification({ status: "delivered", attemptCount: 1, attempts: [{ at: noon, ms: 1 }] });
  const notifications = dynamoNotifications(table);
  await notifications.putDelivered([delivered]);
  expect(await expiresAt(notificationKey(delivered))).toBe(inDays(10));
  expect(await notifications.put(replayed(delivered, noon), delivered)).toBe("done");
  expect(await expiresAt(notificationKey(delivered))).toBeUndefined();
});

test("a pending adoption's row expires long after its last try", async () => {
  await dynamoAdoptions(table).add(pendingAdoption());
  expect(await expiresAt(adoptionKey(pendingAdoption()))).toBe(inDays(90));
});
