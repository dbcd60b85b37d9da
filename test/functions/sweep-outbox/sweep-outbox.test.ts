import { expect, test } from "@jest/globals";
import type { Audit } from "../../../functions/core/audit.ts";
import { changeAudit, publishGraceMs } from "../../../functions/core/change-audit.ts";
import { shardOf } from "../../../functions/core/lanes.ts";
import { deliveryGraceMs } from "../../../functions/core/publish-events.ts";
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

test("what its function is still publishing is left to it", async () => {
  const world = await worldWith(closedAudit("a"));
  world.time.advance(publishGraceMs - 1);
  expect(await sweepOutbox(world)(forEver)).toEqual({ swept: 0, lagMs: 0, failures: [] });
  expect(world.resolutions.sent).toEqual([]);
});

test("what was never published is published, in every shard", async () => {
  const ids = Array.from({ length: 40 }, (_, n) => `audit-${n}`);
  expect(new Set(ids.map(shardOf)).size).toBe(8);
  const world = await worldWith(...ids.map(closedAudit));
  world.time.advance(publishGraceMs + 7);
  expect(await sweepOutbox(world)(forEver)).toEqual({ swept: 40, lagMs: 7, failures: [] });
  expect(new Set(world.resolutions.sent.map(({ audit }) => audit.auditId))).toEqual(new Set(ids));
  expect([...world.state.audits.values()].filter(({ outboxAt }) => outboxAt !== undefined)).toEqual([]);
});

test("a delivery that left no record is sent again until it has one", async () => {
  const world = await worldWith(closedAudit("a"));
  await world.subscriptions.create(aSubscription());
  for (let round = 1; round <= 3; round++) {
    world.time.advance(deliveryGraceMs);
    await sweepOutbox(world)(forEver);
    expect(world.deliveries.sent).toHaveLength(round);
  }
  await world.notifications.putDelivered([aNotification({ auditId: "a", status: "delivered" })]);
  world.time.advance(deliveryGraceMs);
  await sweepOutbox(world)(forEver);
  expect(world.deliveries.sent).toHaveLength(3);
  expect((await world.audits.get({ organizationId: "org", auditId: "a" }))?.outboxAt).toBeUndefined();
});

test("of two sweepers one takes an audit", async () => {
  const world = await worldWith(closedAudit("a"));
  world.time.advance(publishGraceMs);
  const results = await Promise.all([sweepOutbox(world)(forEver), sweepOutbox(world)(forEver)]);
  expect(results.map(({ swept }) => swept).sort()).toEqual([0, 1]);
  expect(world.resolutions.sent).toHaveLength(1);
});

test("an index row that lags behind its audit is passed over", async () => {
  const world = await worldWith(openAudit({ auditId: "a" }));
  world.outbox.due = async () => ({
    rows: ["a", "never was"].map((auditId) => ({ organizationId: "org", auditId, outboxAt: noon })),
    next: undefined,
  });
  expect(await sweepOutbox(world)(forEver)).toEqual({ swept: 0, lagMs: 0, failures: [] });
});

test("an audit that cannot be published keeps nobody else waiting, and stays in the outbox", async () => {
  const ids = Array.from({ length: 20 }, (_, n) => `audit-${n}`);
  const world = await worldWith(...ids.map(closedAudit));
  const { send } = world.resolutions;
  world.resolutions.send = async (resolved) => {
    if (resolved.audit.auditId === "audit-0") throw new Error("poison");
    return send(resolved);
  };
  world.time.advance(publishGraceMs);
  const { swept, failures } = await sweepOutbox(world)(forEver);
  expect(swept).toBe(19);
  expect(failures).toEqual([expect.objectContaining({ message: "poison" })]);
  expect(await world.audits.get({ organizationId: "org", auditId: "audit-0" })).toHaveProperty("outboxAt");
});

test("when its time is up nothing new is begun", async () => {
  const world = await worldWith(closedAudit("a"));
  world.time.advance(publishGraceMs);
  expect(await sweepOutbox(world)(world.clock())).toMatchObject({ swept: 0 });
  expect(world.resolutions.sent).toEqual([]);
});

test("an audit whose publisher died before it marked its event is not told again to those with a record", async () => {
  const world = await worldWith(closedAudit("a"));
  await world.subscriptions.create(aSubscription());
  await world.notifications.putDelivered([aNotification({ auditId: "a", status: "delivered" })]);
  world.time.advance(publishGraceMs);
  await sweepOutbox(world)(forEver);
  expect(world.deliveries.sent).toEqual([]);
  expect((await world.audits.get({ organizationId: "org", auditId: "a" }))?.outboxAt).toBeUndefined();
});
