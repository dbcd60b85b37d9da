import { auditOf } from "../../functions/adapters/dynamodb/audit-row.ts";
import { lanePartition } from "../../functions/adapters/dynamodb/table/lane-partitions.ts";
import { toItem } from "../../functions/adapters/dynamodb/table/table.ts";
import { eventsInOrder } from "../../functions/core/audits/change-audit.ts";
import type { StatusOutcome } from "../../functions/core/kard/ports.ts";
import { shardOf } from "../../functions/core/shared/lanes.ts";
import { idsInShard } from "../support/polling/shard-ids.ts";
import type { Scenario } from "./scenario.ts";
import type { World } from "./world/world.ts";

const minute = 60_000;
const hour = 60 * minute;

/** Issuer A, the first in order. */
const ill = "another";
/** Issuer B. */
const well = "org";

/** Kard's response to every call of issuer A. */
const troubles: Record<string, StatusOutcome> = {
  unauthorized: { outcome: "unauthorized" },
  "server-errors": { outcome: "failed", reason: "server-error" },
  throttled: { outcome: "throttled", retryAfterMs: hour },
  hanging: { outcome: "failed", reason: "timeout" },
  malformed: { outcome: "not-understood", reason: "malformed-response" },
};

const request = (name: string) => ({
  transactionId: `txn-${name}`,
  auditCode: 3006,
  merchantName: "Corner Coffee",
  auditDescription: `No cashback for ${name}`,
});

async function file(world: World, organizationId: string, name: string): Promise<void> {
  const idempotency = { key: name, fingerprint: name };
  await world.insist("audits-api", (its) =>
    its.submit({ organizationId, userId: "user", requests: [request(name)], idempotency }),
  );
}

/** Runs a tick at each of these minutes after the start, and then the queues. */
async function ticksAt(world: World, start: number, minutes: readonly number[]): Promise<void> {
  for (const at of minutes) {
    await world.wait(Math.max(start + at * minute - world.time.clock(), 0));
    await world.poll();
    await world.sweep();
    await world.deliver();
  }
}

/** B submits an audit that Kard starts and closes. Meanwhile Kard answers like this to A, if there is an A. */
async function lifeOfB(world: World, trouble: StatusOutcome | undefined): Promise<void> {
  await world.subscribe("b");
  const start = world.time.clock();
  await file(world, well, "b");
  if (trouble !== undefined) {
    await world.subscribe("a", { organizationId: ill });
    for (const name of ["a1", "a2"]) await file(world, ill, name);
    world.kard.setTrouble(ill, trouble);
    await file(world, ill, "a3");
  }
  const ofB = [...world.kard.audits].flatMap(([id, { organizationId }]) => (organizationId === well ? [id] : []));
  await ticksAt(world, start, [5, 6]);
  for (const id of ofB) world.kard.start(id);
  await ticksAt(world, start, [10, 11]);
  for (const id of ofB) world.kard.close(id);
  await ticksAt(world, start, [15, 16]);
  world.kard.setTrouble(ill, undefined);
}

/** The results of B's audits by minute: events, webhooks and polls. */
export function transcriptOfB({ rows, endpoints, kard }: World): string[] {
  const at = (time: number) => `in minute ${Math.floor(time / minute)}`;
  const audits = [...rows.rows.values()]
    .filter(({ pk, sk }) => sk?.S === "AUDIT" && pk?.S?.startsWith(`AUDIT#${well}#`))
    .map(auditOf);
  const received = [...endpoints.all.values()]
    .filter(({ organizationId }) => organizationId === well)
    .flatMap((endpoint) => endpoint.received);
  return [
    ...audits.map(({ status }) => `its audit is ${status}`),
    ...audits.flatMap((audit) =>
      eventsInOrder(audit).map(({ event }) => `${event.type} ${at(event.at)}, published ${at(event.publishedAt ?? 0)}`),
    ),
    ...received.map((webhook) => `webhook ${JSON.parse(webhook.body).type} ${at(webhook.at)}: ${webhook.statusCode}`),
    ...kard.asks.filter(({ organizationId }) => organizationId === well).map((ask) => `polled ${at(ask.at)}`),
  ];
}

function twoIssuers(trouble: StatusOutcome): Scenario {
  return {
    // These ticks would be half of all calls. kard-down-and-back makes the same writes for an open circuit.
    isPlayedWithFaults: false,
    run: (world) => lifeOfB(world, trouble),
    reference: { run: (world) => lifeOfB(world, undefined), transcript: transcriptOfB },
  };
}

/** While Kard fails for one issuer, another's results equal those of a run without that issuer. */
export const twoIssuersScenarios: Record<string, Scenario> = {
  ...Object.fromEntries(
    Object.entries(troubles).map(([name, trouble]) => [`two-issuers-${name}`, twoIssuers(trouble)]),
  ),

  /** More than a page of rows that can be neither read nor moved, before one that waits for its next poll. */
  "broken-rows": {
    isPlayedWithFaults: false,
    async run(world) {
      const start = world.time.clock();
      await file(world, well, "b");
      const [kardAuditId = ""] = world.kard.audits.keys();
      world.kard.setTrouble(well, { outcome: "not-understood", reason: "malformed-response" });
      await ticksAt(world, start, [5, 6]);
      world.kard.setTrouble(well, undefined);
      world.kard.close(kardAuditId);
      const [item] = [...world.rows.rows.values()].filter(({ sk }) => sk?.S === "AUDIT");
      const shard = shardOf(item?.auditId?.S ?? "");
      const names = idsInShard(shard, 200).map((auditId) => {
        const broken = { pk: `AUDIT#${well}#${auditId}`, sk: "AUDIT", status: "NEW", kardAuditId: auditId };
        const name = JSON.stringify([broken.pk, broken.sk]);
        world.rows.rows.set(name, toItem({ ...broken, lane: lanePartition("RECHECK", well, shard), laneAt: 1 }));
        return name;
      });
      await ticksAt(world, start, [7]);
      const isClosed = [...world.rows.rows.values()].some(({ status }) => status?.S === "CLOSED");
      if (!isClosed) world.history.violated("an audit behind rows that are broken was not polled");
      for (const name of names) world.rows.rows.delete(name);
      // The poller's result for them.
      world.failures.length = 0;
    },
  },
};
