import { expect, test } from "@jest/globals";
import { changeAudit } from "../../../functions/core/audits/change-audit.ts";
import { sweepAll } from "../../../functions/sweep-outbox/sweep-all.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aSubscription, openAudit } from "../../support/sample-audits.ts";

const resolution = { resolutionCode: 5004, resolutionDescription: null, resolutionTimeStamp: null };

async function worldWithUnpublished() {
  const world = fakeWorld();
  const closed = changeAudit(openAudit(), "close", { resolution }, noon);
  if (closed === undefined) throw new Error("it cannot be closed");
  await world.audits.create(closed);
  await world.subscriptions.create(aSubscription({ outboxAt: noon }));
  world.time.advance(3_600_000);
  return world;
}

test("each sweep does its own work", async () => {
  const world = await worldWithUnpublished();
  const swept = await sweepAll(world)(Number.POSITIVE_INFINITY);
  expect(swept).toMatchObject({ outbox: { swept: 1 }, deliveries: { sent: 0 }, failures: [] });
  expect(await world.subscriptions.get("org", "subscription-1")).not.toHaveProperty("outboxAt");
});

test("a sweep that cannot start does not end the others, and they are awaited", async () => {
  const world = await worldWithUnpublished();
  const throttled = new Error("throttled");
  const subscriptionOutbox = { ...world.subscriptionOutbox, due: async () => Promise.reject(throttled) };
  const swept = await sweepAll({ ...world, subscriptionOutbox })(Number.POSITIVE_INFINITY);
  expect(swept).toMatchObject({ outbox: { swept: 1, failures: [] }, failures: [throttled] });
  expect(world.resolutions.sent).toHaveLength(1);

  const openSnapshots = { ...world.openSnapshots, due: async () => Promise.reject(throttled) };
  expect((await sweepAll({ ...world, openSnapshots })(Number.POSITIVE_INFINITY)).failures).toEqual([throttled]);

  const issuers = { list: async () => Promise.reject(throttled) };
  const inTrouble = await sweepAll({ ...world, issuers })(Number.POSITIVE_INFINITY);
  expect(inTrouble).toEqual({ outbox: undefined, deliveries: undefined, failures: [throttled, throttled] });
});
