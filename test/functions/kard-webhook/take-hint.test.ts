import { expect, test } from "@jest/globals";
import type { Audit } from "../../../functions/core/audit.ts";
import { type Hint, takeHint } from "../../../functions/kard-webhook/take-hint.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aRequest, closedAtKard, openAtKard, openAudit, submittingAudit } from "../../support/sample-audits.ts";

const hint: Hint = {
  organizationId: "org",
  kardAuditId: "kard-1",
  status: "CLOSED",
  userId: "user-1",
  request: aRequest,
};
const about = (changes: Partial<typeof aRequest>): Hint => ({ ...hint, request: { ...aRequest, ...changes } });

async function worldWith(...audits: Audit[]) {
  const world = fakeWorld();
  for (const audit of audits) await world.audits.create(audit);
  return world;
}

test("the status is Kard's own answer and not the hint's", async () => {
  const world = await worldWith(openAudit());
  world.kard.statusOutcomes.push({ outcome: "known", audit: closedAtKard() });
  expect(await takeHint(world)({ ...hint, status: "IN_PROGRESS" })).toBe("checked");
  expect(await world.audits.get(openAudit())).toMatchObject({ status: "CLOSED" });
});

test("a hint that Kard does not confirm changes nothing but when it was asked", async () => {
  const world = await worldWith(openAudit());
  world.kard.statusOutcomes.push({ outcome: "known", audit: openAtKard("NEW") });
  expect(await takeHint(world)(hint)).toBe("checked");
  expect(await world.audits.get(openAudit())).toEqual(openAudit({ hintedAt: noon }));
});

test("a hint that could not be checked leaves the audit to the poller", async () => {
  const world = await worldWith(openAudit());
  world.kard.statusOutcomes.push({ outcome: "failed", reason: "timeout" });
  expect(await takeHint(world)(hint)).toBe("checked");
  expect(await world.audits.get(openAudit())).toMatchObject({ lane: "RECHECK", laneAt: noon + 5_000 });
});

test("the same hint many times at once asks Kard once and publishes once", async () => {
  const world = await worldWith(openAudit());
  world.kard.audits.set("kard-1", closedAtKard());
  const results = await Promise.all(Array.from({ length: 10 }, () => takeHint(world)(hint)));
  expect(results.filter((result) => result === "checked")).toHaveLength(1);
  expect(world.kard.gets).toHaveLength(1);
  expect(world.resolutions.sent).toHaveLength(1);
  expect(await world.audits.get(openAudit())).toMatchObject({ status: "CLOSED" });
  expect(await takeHint(world)(hint)).toBe("known-already");
});

test("hints in quick succession are left to the poller, who asks once for all of them", async () => {
  const world = await worldWith(openAudit());
  world.kard.audits.set("kard-1", openAtKard("NEW"));
  await takeHint(world)(hint);
  world.time.advance(4_999);
  expect(await takeHint(world)(hint)).toBe("left-to-the-poller");
  expect(world.kard.gets).toHaveLength(1);
  expect(await world.audits.get(openAudit())).toMatchObject({ lane: "RECHECK", laneAt: noon + 4_999 + 5_000 });
  world.time.advance(1);
  expect(await takeHint(world)(hint)).toBe("checked");
});

test.each([
  ["closed already", openAudit({ status: "CLOSED" }), "CLOSED"],
  ["closed, and hinted at late", openAudit({ status: "CLOSED" }), "IN_PROGRESS"],
  ["there already", openAudit({ status: "IN_PROGRESS" }), "IN_PROGRESS"],
  ["further already", openAudit({ status: "IN_PROGRESS" }), "NEW"],
])("Kard is not asked about an audit that is %s", async (_, audit, status) => {
  const world = await worldWith(audit);
  expect(await takeHint(world)({ ...hint, status })).toBe("known-already");
  expect(world.kard.gets).toEqual([]);
});

test.each([
  ["another issuer", { ...hint, organizationId: "other" }],
  ["another transaction", about({ transactionId: "other" })],
  ["another Kard id", { ...hint, kardAuditId: "other" }],
])("a hint of %s is of no audit of ours", async (_, other) => {
  const world = await worldWith(openAudit());
  expect(await takeHint(world)(other)).toBe("unknown-audit");
  expect(world.kard.gets).toEqual([]);
});

test("a hint of an audit whose create was never answered brings its Kard id", async () => {
  const world = await worldWith(submittingAudit());
  world.kard.audits.set("kard-1", closedAtKard());
  expect(await takeHint(world)(hint)).toBe("checked");
  expect(await world.audits.get(submittingAudit())).toMatchObject({ status: "CLOSED", kardAuditId: "kard-1" });
});

test("a hint that may mean two unanswered audits is taken for neither's", async () => {
  const world = await worldWith(submittingAudit(), submittingAudit({ auditId: "twin" }));
  expect(await takeHint(world)(hint)).toBe("unknown-audit");
  expect([...world.state.audits.values()].map(({ status }) => status)).toEqual(["SUBMITTING", "SUBMITTING"]);
});

test.each([
  ["that Kard definitely has not got", submittingAudit({ submission: "unsent" }), hint],
  ["of another user", submittingAudit({ userId: "other" }), hint],
  ["with another code", submittingAudit(), about({ auditCode: 3005 })],
  ["of another merchant", submittingAudit(), about({ merchantName: "other" })],
  ["with another description", submittingAudit(), about({ auditDescription: "other" })],
])("a hint is not taken for an unanswered audit %s", async (_, audit, other) => {
  const world = await worldWith(audit);
  expect(await takeHint(world)(other)).toBe("unknown-audit");
  expect(await world.audits.get(audit)).toEqual(audit);
});

test("of several audits of one transaction the one that Kard means is checked", async () => {
  const world = await worldWith(openAudit({ auditId: "other", kardAuditId: "kard-2" }), openAudit());
  world.kard.statusOutcomes.push({ outcome: "known", audit: closedAtKard() });
  await takeHint(world)(hint);
  expect(await world.audits.get(openAudit())).toMatchObject({ status: "CLOSED" });
  expect(await world.audits.get(openAudit({ auditId: "other" }))).toMatchObject({ status: "NEW" });
});

test.each(["closed", " Closed ", "UNDER_REVIEW", undefined])("a hint with the status %j is checked", async (status) => {
  const world = await worldWith(openAudit());
  world.kard.audits.set("kard-1", closedAtKard());
  expect(await takeHint(world)({ ...hint, status })).toBe("checked");
  expect(await world.audits.get(openAudit())).toMatchObject({ status: "CLOSED" });
});

test("a hint of an audit that Kard's answer named no id of brings it, however Kard writes its texts", async () => {
  const request = { ...aRequest, merchantName: "Caf\u00e9 Müller", auditDescription: "first\nsecond" };
  const world = await worldWith(submittingAudit({ request, acceptedWithoutIdAt: noon }));
  world.kard.audits.set("kard-1", openAtKard("NEW"));
  const written = { ...request, merchantName: " Cafe\u0301 Müller", auditDescription: "first\r\nsecond\r\n" };
  expect(await takeHint(world)({ ...hint, status: "NEW", request: written })).toBe("known-already");
  expect(await world.audits.get(openAudit())).toMatchObject({ status: "NEW", kardAuditId: "kard-1" });
});

test.each([{ merchantName: undefined }, { auditCode: undefined }, { transactionId: undefined }])(
  "a hint without %j is not taken for an unanswered create's",
  async (missing) => {
    const world = await worldWith(submittingAudit());
    expect(await takeHint(world)({ ...hint, request: { ...aRequest, ...missing } })).toBe("unknown-audit");
  },
);
