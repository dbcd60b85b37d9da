import type { SendMessageBatchCommandInput, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "@jest/globals";
import { openTable } from "../../functions/adapters/dynamodb/table/table.ts";
import { ownerQueue } from "../../functions/adapters/owner-targets/owner-queue.ts";
import { sqsDeliveries } from "../../functions/adapters/sqs/queues.ts";
import { submitRequests } from "../../functions/audits-api/submit/submit-requests.ts";
import { delivery } from "../../functions/core/notifications/delivery.ts";
import { endpointSlots } from "../../functions/core/subscriptions/endpoint-slots.ts";
import type { Subscription } from "../../functions/core/subscriptions/subscription.ts";
import { cachedSubscriptionLists } from "../../functions/core/subscriptions/subscription-list-cache.ts";
import { deliverWebhook } from "../../functions/deliver-webhooks/deliver-webhook.ts";
import { recordDelivered } from "../../functions/deliver-webhooks/record-delivered.ts";
import { handlePush } from "../../functions/kard-webhook/handle-push.ts";
import { pollShards } from "../../functions/poll-audits/poll-shards.ts";
import type { IndexDefinition, Item } from "../../infra/local/runner/services/index-image.ts";
import { definition } from "../support/dynamodb/dynamo-table.ts";
import { clientOf, memoryTable } from "../support/dynamodb/memory-dynamodb.ts";
import { storesOf } from "../support/dynamodb/stores-of-table.ts";
import { fakeWorld } from "../support/fake-world.ts";
import { allShards, smallPlan } from "../support/polling/poller-world.ts";
import { aRequest, aSubscription } from "../support/sample-audits.ts";
import { indexWriteUnits, writeUnits } from "../support/stack-instruments/capacity-units.ts";

const perAudit = /^(AUDIT|KARDAUDIT|EVENTS)#/;
const indexes = (definition.GlobalSecondaryIndexes ?? []) as readonly IndexDefinition[];

/** The deployed adapters with a table and queues in memory, which count what AWS would charge. */
async function countingWorld(webhooks: number, options: Partial<Subscription> = {}) {
  const world = fakeWorld();
  let cost = { calls: [] as string[], units: 0 };
  const rows = memoryTable(definition);
  rows.onWrite = (written) => {
    const [before, after] = [written.before, written.after] as readonly (Item | undefined)[];
    if (!perAudit.test(String((after ?? before)?.pk?.S))) return;
    cost.units += indexes.reduce(
      (sum, index) => sum + indexWriteUnits(before, after, index, ["pk", "sk"]),
      writeUnits(before, after),
    );
  };
  const count = (command: { constructor: { name: string } }) =>
    cost.calls.push(command.constructor.name.replace("Command", ""));
  const table = openTable(
    "memory",
    clientOf(async (command) => {
      count(command);
      return rows.execute(command);
    }),
  );
  const messages: string[] = [];
  const sqs = {
    async send(command: { constructor: { name: string }; input: SendMessageBatchCommandInput }) {
      count(command);
      const { Entries: entries = [], QueueUrl: url } = command.input;
      if (url === "deliveries") messages.push(...entries.map(({ MessageBody: body = "" }) => body));
      return {};
    },
  } as unknown as SQSClient;
  const stores = storesOf(table);
  for (let number = 1; number <= webhooks; number++) {
    await stores.subscriptions.create(aSubscription({ subscriptionId: `subscription-${number}` }));
  }
  const deps = {
    ...{ ...world, ...stores, ownerTargets: [ownerQueue(sqs, "resolutions")] },
    ...{ deliveries: sqsDeliveries(sqs, "deliveries"), slowDeliveries: sqsDeliveries(sqs, "slow") },
    ...{ pollPlan: smallPlan, callsPerSecond: 40, holder: "poller-1", onGivenUp: () => undefined },
    // A worker reads a subscription once per two seconds.
    subscriptionCache: { get: async () => aSubscription(options), forget: () => undefined },
    endpointSlots: endpointSlots({ schedule: stores.callSchedule, clock: world.clock, sleep: async () => undefined }),
    credentials: { credentialIdentityFor: async () => ({ credentialId: "shared", isShared: true }) },
  };
  const cachedSubscriptions = {
    ...stores.subscriptions,
    ...cachedSubscriptionLists(stores.subscriptions, world.clock),
  };
  const tick = async () => {
    const poller = { ...deps, subscriptions: cachedSubscriptions, sleep: async (ms: number) => world.time.advance(ms) };
    const { errors } = await pollShards(poller)(allShards, world.clock() + 45_000);
    expect(errors).toEqual([]);
  };
  return {
    ...{ ...deps, tick, messages },
    /** The calls and write units of some work. */
    async costOf(work: () => Promise<unknown>) {
      cost = { calls: [], units: 0 };
      await work();
      return cost;
    },
  };
}

type World = Awaited<ReturnType<typeof countingWorld>>;

const file = async (world: World) => {
  const input = { organizationId: "org", userId: "user-1", requests: [aRequest], idempotency: undefined };
  expect(await submitRequests(world)(input)).toMatchObject({ results: [{ result: "accepted" }] });
};

const deliver = async (world: World) => {
  const asked = world.messages.splice(0).map((message) => delivery.parse(JSON.parse(message)));
  const results = await Promise.all(asked.map((each) => deliverWebhook(world)(each)));
  expect(await recordDelivered(world)(results.map((result) => ({ result })))).toEqual([]);
};

/** The calls of a tick in addition to those of a tick without changes. */
function beyond(calls: readonly string[], idle: readonly string[]): string[] {
  const left = [...calls];
  for (const call of idle) left.splice(left.indexOf(call), 1);
  return left.toSorted();
}

/** An open audit that is not its issuer's first. */
async function filed(webhooks: number, options: Partial<Subscription> = {}) {
  const world = await countingWorld(webhooks, options);
  await file(world);
  return { world, filing: await world.costOf(() => file(world)) };
}

const publishing = ["BatchWriteItem", "Query", "SendMessageBatch", "SendMessageBatch", "UpdateItem", "UpdateItem"];

test("an audit that is submitted, polled until it is closed, and delivered once", async () => {
  const { world, filing } = await filed(1);
  expect(filing).toEqual({ calls: ["PutItem", "UpdateItem", "UpdateItem"], units: 9 });

  world.time.advance(6 * 60_000);
  const idle = await world.costOf(world.tick);
  expect(idle.units).toBe(0);
  world.kard.close("kard-2");
  world.time.advance(5 * 60_000);
  const closing = await world.costOf(world.tick);
  expect(beyond(closing.calls, idle.calls)).toEqual([...publishing, "GetItem"].toSorted());
  expect(closing.units).toBe(13);

  expect(await world.costOf(() => deliver(world))).toEqual({ calls: ["BatchWriteItem"], units: 3 });
});

test("an audit that a push closes", async () => {
  const { world } = await filed(1);
  world.kard.close("kard-2");
  const push = { ...{ organizationId: "org", kardAuditId: "kard-2", userId: "user-1" }, request: aRequest };
  const pushed = await world.costOf(() => handlePush(world)({ ...push, status: "CLOSED" }));
  expect(pushed).toEqual({ calls: expect.anything(), units: 13 });
  expect(pushed.calls.toSorted()).toEqual([...publishing, "GetItem", "GetItem"].toSorted());
});

test("a webhook with a maximum rate costs one write unit more for the deliveries of a batch", async () => {
  const { world } = await filed(1, { maxPerSecond: 100 });
  world.kard.close("kard-2");
  const push = { ...{ organizationId: "org", kardAuditId: "kard-2", userId: "user-1" }, request: aRequest };
  await handlePush(world)({ ...push, status: "CLOSED" });
  expect(await world.costOf(() => deliver(world))).toEqual({ calls: ["UpdateItem", "BatchWriteItem"], units: 3 });
});

test("each further webhook makes no further call, and costs six write units", async () => {
  const costs = [1, 2, 10].map(async (webhooks) => {
    const { world } = await filed(webhooks);
    world.kard.close("kard-2");
    const push = { ...{ organizationId: "org", kardAuditId: "kard-2", userId: "user-1" }, request: aRequest };
    const pushed = await world.costOf(() => handlePush(world)({ ...push, status: "CLOSED" }));
    const delivered = await world.costOf(() => deliver(world));
    return { calls: pushed.calls.length + delivered.calls.length, units: pushed.units + delivered.units };
  });
  expect(await Promise.all(costs)).toEqual([
    { calls: 9, units: 16 },
    { calls: 9, units: 22 },
    { calls: 9, units: 70 },
  ]);
});
