import { expect, test } from "@jest/globals";
import type { Audit } from "../../../functions/core/audits/audit.ts";
import { changeAudit, publishGraceMs } from "../../../functions/core/audits/change-audit.ts";
import { shardOf } from "../../../functions/core/shared/lanes.ts";
import { sweepOutbox } from "../../../functions/sweep-outbox/sweep-outbox.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aNotification, aSubscription, openAudit } from "../../support/sample-audits.ts";

const forEver = Number.POSITIVE_INFINITY;
const resolution = { resolutionCode: 5004, resolutionDescription: "done", resolutionTimeStamp: null };

function closedAudit(auditId: string): Audit {
  const closed = changeAudit(openAudit({ auditId }), "close", { resolution }, noon);
  if (closed === undefined) throw new Error("it cannot be closed");
  return closed;
}

async function worldWith(...audits: Audit[]) {
  const world = fakeWorld();
  for (const audit of audits) await world.audits.create(audit);
  return world;
}

test("an event that its function is still publishing is left alone", async () => {
  const world = await worldWith(closedAudit("a"));
  world.time.advance(publishGraceMs - 1);
  expect(await sweepOutbox(world)(forEver)).toEqual({ swept: 0, lagMs: 0, failures: [] });
  expect(world.resolutions.sent).toEqual([]);
});

test("unpublished events are published, in every shard", async () => {
  const ids = Array.from({ length: 40 }, (_, n) => `audit-${n}`);
  expect(new Set(ids.map(shardOf)).size).toBe(8);
  const world = await worldWith(...ids.map(closedAudit));
  world.time.advance(publishGraceMs + 7);
  expect(await sweepOutbox(world)(forEver)).toEqual({ swept: 40, lagMs: publishGraceMs + 7, failures: [] });
  expect(new Set(world.resolutions.sent.map(({ subjectId }) => subjectId))).toEqual(new Set(ids));
  expect([...world.state.audits.values()].filter(({ outboxAt }) => outboxAt !== undefined)).toEqual([]);
});

test("an outdated index row is skipped", async () => {
  const world = await worldWith(openAudit({ auditId: "a" }));
  world.outbox.due = async () => ({
    rows: ["a", "never was"].map((auditId) => ({ organizationId: "org", auditId, outboxAt: noon })),
    next: undefined,
  });
  expect(await sweepOutbox(world)(forEver)).toMatchObject({ swept: 0, failures: [] });
});

test("an audit that cannot be published does not delay others, and stays in the outbox", async () => {
  const ids = Array.from({ length: 20 }, (_, n) => `audit-${n}`);
  const world = await worldWith(...ids.map(closedAudit));
  const { send } = world.resolutions;
  world.resolutions.send = async (resolved) => {
    if (resolved.subjectId === "audit-0") throw new Error("poison");
    return send(resolved);
  };
  world.time.advance(publishGraceMs);
  const { swept, failures } = await sweepOutbox(world)(forEver);
  expect(swept).toBe(19);
  expect(failures).toEqual([expect.objectContaining({ message: "poison" })]);
  expect(await world.audits.get({ organizationId: "org", auditId: "audit-0" })).toHaveProperty("outboxAt");
});

test("after its time is up nothing new starts", async () => {
  const world = await worldWith(closedAudit("a"));
  world.time.advance(publishGraceMs);
  expect(await sweepOutbox(world)(world.clock())).toMatchObject({ swept: 0 });
  expect(world.resolutions.sent).toEqual([]);
});

test("an audit whose publisher crashed before marking its event does not notify existing rows again", async () => {
  const world = await worldWith(closedAudit("a"));
  await world.subscriptions.create(aSubscription());
  await world.notifications.putDelivered([aNotification({ auditId: "a", status: "delivered" })]);
  world.time.advance(publishGraceMs);
  await sweepOutbox(world)(forEver);
  expect(world.deliveries.sent).toEqual([]);
  expect((await world.audits.get({ organizationId: "org", auditId: "a" }))?.outboxAt).toBeUndefined();
});

test("while nothing can be published for an hour, the lag grows to an hour, and then it falls", async () => {
  const world = await worldWith(closedAudit("a"));
  const { send } = world.resolutions;
  world.resolutions.send = async () => {
    throw new Error("SQS cannot be reached");
  };
  const lags: (number | undefined)[] = [];
  for (let minute = 1; minute <= 60; minute++) {
    world.time.advance(60_000);
    const { lagMs, swept } = await sweepOutbox(world)(forEver);
    expect(swept).toBe(0);
    lags.push(lagMs);
  }
  // At every sweep: the alarm needs more than 600 s in each of several periods.
  expect(lags).toEqual(Array.from({ length: 60 }, (_, minute) => (minute + 1) * 60_000));
  world.resolutions.send = send;
  world.time.advance(60_000);
  expect(await sweepOutbox(world)(forEver)).toMatchObject({ swept: 1 });
  world.time.advance(60_000);
  expect(await sweepOutbox(world)(forEver)).toMatchObject({ swept: 0, lagMs: 0 });
});

test("the lag includes audits that cannot be read", async () => {
  const world = await worldWith(closedAudit("a"));
  world.audits.get = async () => {
    throw new Error("throttled");
  };
  world.time.advance(3_600_000);
  const { lagMs, failures } = await sweepOutbox(world)(forEver);
  expect(lagMs).toBe(3_600_000 - publishGraceMs);
  expect(failures).toHaveLength(1);
});

test("the lag is unknown if a shard of the outbox cannot be read", async () => {
  const world = await worldWith(closedAudit("a"));
  const { due } = world.outbox;
  const unreadable = new Error("throttled by the table");
  world.outbox.due = (of, ...rest) => (of.shard === shardOf("a") ? Promise.reject(unreadable) : due(of, ...rest));
  world.time.advance(publishGraceMs);
  expect(await sweepOutbox(world)(forEver)).toEqual({ swept: 0, lagMs: undefined, failures: [unreadable] });
});
