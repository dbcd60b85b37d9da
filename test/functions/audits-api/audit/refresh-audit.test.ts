import { expect, test } from "@jest/globals";
import { refreshAudit } from "../../../../functions/audits-api/audit/refresh-audit.ts";
import type { Audit } from "../../../../functions/core/audits/audit.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { closedAtKard, openAudit, submittingAudit, waitingAudit } from "../../../support/sample-audits.ts";

async function worldWith(audit: Audit) {
  const world = fakeWorld();
  await world.audits.create(audit);
  return { world, refresh: () => refreshAudit(world)(audit) };
}

test("an open audit is read from Kard", async () => {
  const { world, refresh } = await worldWith(openAudit());
  world.kard.statusOutcomes.push({ outcome: "known", audit: closedAtKard() });
  expect(await refresh()).toMatchObject({ asked: true, audit: { status: "CLOSED" } });
});

test("a settled audit makes no call", async () => {
  const { world, refresh } = await worldWith(openAudit({ status: "CLOSED" }));
  expect(await refresh()).toMatchObject({ asked: true });
  expect(world.kard.gets).toEqual([]);
});

test("a failed call is reported", async () => {
  const { world, refresh } = await worldWith(openAudit());
  world.kard.statusOutcomes.push({ outcome: "throttled", retryAfterMs: undefined });
  expect(await refresh()).toMatchObject({ asked: false, audit: { lane: "RECHECK" } });
});

test("an audit that waits for submission is submitted now", async () => {
  const { refresh } = await worldWith(waitingAudit({ submission: "unsent", laneAt: noon + 3_600_000 }));
  expect(await refresh()).toMatchObject({ asked: true, audit: { status: "NEW", kardAuditId: "kard-1" } });
});

test("an unconfirmed audit that waits for its next try is submitted now, because its wait is no lease", async () => {
  const { refresh } = await worldWith(waitingAudit({ submission: "unconfirmed", laneAt: noon + 2_700_000 }));
  expect(await refresh()).toMatchObject({ asked: true, audit: { status: "NEW", kardAuditId: "kard-1" } });
});

test("an audit that another function is submitting is left to it", async () => {
  const { world, refresh } = await worldWith(submittingAudit());
  expect(await refresh()).toEqual({ asked: false, audit: submittingAudit() });
  expect(world.kard.creates).toEqual([]);
});

test("an audit with an expired lease is submitted", async () => {
  const { refresh } = await worldWith(submittingAudit({ laneAt: noon, leasedUntil: noon }));
  expect(await refresh()).toMatchObject({ asked: true, audit: { status: "NEW" } });
});

test("two concurrent refreshes submit an audit once", async () => {
  const { world, refresh } = await worldWith(waitingAudit({ submission: "unsent", laneAt: noon }));
  await Promise.all([refresh(), refresh()]);
  expect(world.kard.creates).toHaveLength(1);
});
