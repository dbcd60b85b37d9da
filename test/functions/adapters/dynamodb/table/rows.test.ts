import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { dynamoApiKeys } from "../../../../../functions/adapters/dynamodb/api-keys.ts";
import { dynamoAuditLanes } from "../../../../../functions/adapters/dynamodb/audit-lanes.ts";
import { auditKey } from "../../../../../functions/adapters/dynamodb/audit-row.ts";
import { dynamoAudits } from "../../../../../functions/adapters/dynamodb/audits.ts";
import { dynamoNotifications } from "../../../../../functions/adapters/dynamodb/notifications.ts";
import { dynamoOpenCircuits } from "../../../../../functions/adapters/dynamodb/polling/open-circuits.ts";
import { dynamoPollCursors } from "../../../../../functions/adapters/dynamodb/polling/poll-cursors.ts";
import { dynamoRequestCounts } from "../../../../../functions/adapters/dynamodb/request-counts.ts";
import { dynamoSubscriptions } from "../../../../../functions/adapters/dynamodb/subscriptions.ts";
import { type Table, toItem } from "../../../../../functions/adapters/dynamodb/table/table.ts";
import { startDynalite } from "../../../../support/dynamodb/dynalite.ts";
import { emulatorClient, newTable } from "../../../../support/dynamodb/dynamo-stores.ts";
import { noon } from "../../../../support/fake-clock.ts";
import { aNotification, openAudit } from "../../../../support/sample-audits.ts";

let client: DynamoDBClient;
let table: Table;
let endpoint: string;
let stop: () => Promise<void>;

beforeAll(async () => {
  const dynalite = await startDynalite();
  endpoint = dynalite.endpoint;
  client = emulatorClient(dynalite.endpoint);
  table = await newTable(client);
  stop = dynalite.stop;
});
afterAll(async () => {
  client.destroy();
  await stop();
});

async function put(row: object): Promise<void> {
  await client.send(new PutItemCommand({ TableName: table.tableName, Item: toItem(row) }));
}

describe("a malformed row is an error", () => {
  test("an audit", async () => {
    await put({ ...auditKey(openAudit()), ...openAudit(), status: "PAID" });
    await expect(dynamoAudits(table).get(openAudit())).rejects.toThrow("status");
  });

  test("a lane's row", async () => {
    await put({ ...auditKey(openAudit()), ...openAudit(), status: "PAID", lane: "OPEN#org#0" });
    const window = { from: 0, to: noon };
    await put({ ...auditKey(openAudit({ auditId: "well" })), ...openAudit(), lane: "OPEN#org#0" });
    const of = { organizationId: "org", shard: 0 };
    // It must not stop the poll of its neighbours.
    const { rows, errors } = await dynamoAuditLanes(table).open(of, window, undefined, 10);
    expect(rows).toMatchObject([{ auditId: "well" }]);
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining("status") })]);
  });

  test("a notification", async () => {
    await put({
      pk: auditKey(openAudit()).pk,
      sk: "NOTIFICATION#1#subscription-1",
      ...aNotification(),
      attempts: "none",
    });
    await expect(dynamoNotifications(table).get(aNotification())).rejects.toThrow("attempts");
    await expect(dynamoNotifications(table).listOfAudit(openAudit())).rejects.toThrow("attempts");
  });

  test("a subscription", async () => {
    await put({ pk: "ISSUER#org", sk: "SUBSCRIPTION#s", organizationId: "org", subscriptionId: "s" });
    await expect(dynamoSubscriptions(table).get("org", "s")).rejects.toThrow("webhookUrl");
    await expect(dynamoSubscriptions(table).list("org")).rejects.toThrow("eventNames");
  });

  test("an API key", async () => {
    await put({ pk: "APIKEYS", sk: "KEY#k", keyId: "k", organizations: [] });
    await expect(dynamoApiKeys(table).get("k")).rejects.toThrow("organizations");
  });

  test("a poller's cursors", async () => {
    await put({ pk: "POLL", sk: "CURSOR#org#6", cursors: { band: { since: "long ago" } } });
    await expect(dynamoPollCursors(table).read({ organizationId: "org", shard: 6 })).rejects.toThrow("since");
  });

  test("an open circuit", async () => {
    await put({ pk: "POLL", sk: "CIRCUIT#org", organizationId: "org", reason: "hanging", since: "1" });
    await expect(dynamoOpenCircuits(table).list()).rejects.toThrow("since");
  });
});

test("an API key is read consistently, so a revocation is seen at once", async () => {
  const inputs: unknown[] = [];
  const watched = emulatorClient(endpoint);
  watched.middlewareStack.add((next) => (args) => {
    inputs.push(args.input);
    return next(args);
  });
  await dynamoApiKeys({ ...table, client: watched }).get("abcdefghijkl");
  watched.destroy();
  expect(inputs).toEqual([expect.objectContaining({ ConsistentRead: true })]);
});

test("a request count expires, in seconds", async () => {
  await dynamoRequestCounts(table).add("key", 7, 3, noon + 1_500);
  const Key = toItem({ pk: "REQUESTS#key", sk: "WINDOW#7" });
  const { Item: row } = await client.send(new GetItemCommand({ TableName: table.tableName, Key }));
  expect(row).toMatchObject({ requests: { N: "3" }, expiresAt: { N: String(noon / 1_000 + 2) } });
});
