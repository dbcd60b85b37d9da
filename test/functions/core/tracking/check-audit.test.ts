import { expect, test } from "@jest/globals";
import type { StatusOutcome } from "../../../../functions/core/kard/ports.ts";
import { checkAudit } from "../../../../functions/core/tracking/check-audit.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { closedAtKard, openAtKard, openAudit, submittingAudit } from "../../../support/sample-audits.ts";

test.each([submittingAudit(), openAudit({ status: "CLOSED" }), openAudit({ status: "REJECTED" })])(
  "Kard is not called about an audit that is $status",
  async (audit) => {
    const world = fakeWorld();
    expect(await checkAudit(world)(audit)).toEqual({ audit, kard: "not-called" });
    expect(world.kard.gets).toEqual([]);
  },
);

test("an audit that is closed at Kard is closed and published at once", async () => {
  const world = fakeWorld();
  await world.audits.create(openAudit());
  world.kard.statusOutcomes.push({ outcome: "known", audit: closedAtKard() });
  expect(await checkAudit(world)(openAudit())).toMatchObject({ kard: "known", audit: { status: "CLOSED" } });
  expect(world.resolutions.sent).toHaveLength(1);
  expect((await world.audits.get(openAudit()))?.outboxAt).toBeUndefined();
});

test("a resolution that cannot be published now is stored, reported and left to the sweep", async () => {
  const world = fakeWorld();
  await world.audits.create(openAudit());
  world.kard.statusOutcomes.push({ outcome: "known", audit: closedAtKard() });
  world.resolutions.send = async () => {
    throw new Error("SQS does not answer");
  };
  expect(await checkAudit(world)(openAudit())).toMatchObject({ kard: "known", audit: { status: "CLOSED" } });
  expect(world.errors).toHaveLength(1);
  expect((await world.audits.get(openAudit()))?.outboxAt).toBeDefined();
});

test("an audit that was just read is not read again", async () => {
  const world = fakeWorld();
  await world.audits.create(openAudit());
  world.kard.statusOutcomes.push({ outcome: "known", audit: closedAtKard() });
  const { get } = world.audits;
  let reads = 0;
  world.audits.get = (key) => {
    reads++;
    return get(key);
  };
  await checkAudit(world)(openAudit());
  expect(reads).toBe(0);
});

test("an unchanged audit publishes nothing", async () => {
  const world = fakeWorld();
  await world.audits.create(openAudit());
  world.kard.statusOutcomes.push({ outcome: "known", audit: openAtKard("NEW") });
  expect(await checkAudit(world)(openAudit())).toEqual({ kard: "known", audit: openAudit() });
  expect(world.resolutions.sent).toEqual([]);
});

test.each<[StatusOutcome, number]>([
  [{ outcome: "missing" }, 5_000],
  [{ outcome: "unauthorized" }, 5_000],
  [{ outcome: "failed", reason: "timeout" }, 5_000],
  [{ outcome: "throttled", retryAfterMs: undefined }, 5_000],
  [{ outcome: "throttled", retryAfterMs: 90_000 }, 90_000],
])("without a response (%p) the poller retries after %d ms", async (outcome, wait) => {
  const world = fakeWorld();
  await world.audits.create(openAudit());
  world.kard.statusOutcomes.push(outcome);
  expect(await checkAudit(world)(openAudit())).toMatchObject({ kard: outcome.outcome, audit: { lane: "RECHECK" } });
  expect(await world.audits.get(openAudit())).toMatchObject({ lane: "RECHECK", laneAt: noon + wait });
});

test("a missing audit is returned as it was read", async () => {
  const world = fakeWorld();
  world.kard.statusOutcomes.push({ outcome: "known", audit: closedAtKard() });
  expect(await checkAudit(world)(openAudit())).toEqual({ audit: openAudit(), kard: "known" });
});
