import { expect, test } from "@jest/globals";
import type { Audit } from "../../../functions/core/audits/audit.ts";
import { handlePush, type Push } from "../../../functions/kard-webhook/handle-push.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aRequest, closedAtKard, openAtKard, openAudit, submittingAudit } from "../../support/sample-audits.ts";

const push: Push = {
  organizationId: "org",
  kardAuditId: "kard-1",
  status: "CLOSED",
  userId: "user-1",
  request: aRequest,
};
const about = (changes: Partial<typeof aRequest>): Push => ({ ...push, request: { ...aRequest, ...changes } });

async function worldWith(...audits: Audit[]) {
  const world = fakeWorld();
  for (const audit of audits) {
    await world.audits.create(audit);
    if (audit.kardAuditId !== undefined) await world.kardAuditIds.claim(audit.kardAuditId, audit);
  }
  return world;
}

test("the status is Kard's response, not the push's", async () => {
  const world = await worldWith(openAudit());
  world.kard.statusOutcomes.push({ outcome: "known", audit: closedAtKard() });
  expect(await handlePush(world)({ ...push, status: "IN_PROGRESS" })).toBe("checked");
  expect(await world.audits.get(openAudit())).toMatchObject({ status: "CLOSED" });
});

test.each(["CLOSED", "IN_PROGRESS"])(
  "a push of %s that Kard does not show yet is read again by the poller",
  async (status) => {
    const world = await worldWith(openAudit());
    world.kard.statusOutcomes.push({ outcome: "known", audit: openAtKard("NEW") });
    expect(await handlePush(world)({ ...push, status })).toBe("left-to-the-poller");
    expect(await world.audits.get(openAudit())).toEqual({ ...openAudit(), lane: "RECHECK", laneAt: noon + 5_000 });
  },
);

test("a push of a status that this version does not know changes nothing by itself", async () => {
  const world = await worldWith(openAudit());
  world.kard.statusOutcomes.push({ outcome: "known", audit: openAtKard("NEW") });
  expect(await handlePush(world)({ ...push, status: "ESCALATED" })).toBe("checked");
  expect(await world.audits.get(openAudit())).toEqual(openAudit());
});

test("a push whose call fails leaves the audit to the poller", async () => {
  const world = await worldWith(openAudit());
  world.kard.statusOutcomes.push({ outcome: "failed", reason: "timeout" });
  expect(await handlePush(world)(push)).toBe("left-to-the-poller");
  expect(await world.audits.get(openAudit())).toMatchObject({ lane: "RECHECK", laneAt: noon + 5_000 });
});

test("concurrent duplicates make one event and publish it once", async () => {
  const world = await worldWith(openAudit());
  world.kard.audits.set("kard-1", closedAtKard());
  const results = await Promise.all(Array.from({ length: 10 }, () => handlePush(world)(push)));
  expect(new Set(results)).toEqual(new Set(["checked"]));
  expect(world.resolutions.sent).toHaveLength(1);
  expect(await world.audits.get(openAudit())).toMatchObject({ status: "CLOSED", sequence: 1 });
  expect(await handlePush(world)(push)).toBe("known-already");
});

test("an audit is found by one read, for any number of audits of its transaction", async () => {
  const world = await worldWith(openAudit());
  world.kard.audits.set("kard-1", closedAtKard());
  world.listing.list = async () => {
    throw new Error("nothing is to be listed");
  };
  expect(await handlePush(world)(push)).toBe("checked");
});

test("an audit whose Kard id was claimed and not stored gets it, and is checked", async () => {
  const world = await worldWith(submittingAudit());
  await world.kardAuditIds.claim("kard-1", submittingAudit());
  world.kard.audits.set("kard-1", closedAtKard());
  expect(await handlePush(world)(about({ merchantName: "as Kard spells it" }))).toBe("checked");
  expect(await world.audits.get(submittingAudit())).toMatchObject({ status: "CLOSED", kardAuditId: "kard-1" });
});

test("a push about an id claimed for a missing audit is for an unknown audit", async () => {
  const world = await worldWith();
  await world.kardAuditIds.claim("kard-1", openAudit());
  expect(await handlePush(world)(push)).toBe("unknown-audit");
});

test.each([
  ["closed already", openAudit({ status: "CLOSED" }), "CLOSED"],
  ["closed, and pushed late", openAudit({ status: "CLOSED" }), "IN_PROGRESS"],
  ["there already", openAudit({ status: "IN_PROGRESS" }), "IN_PROGRESS"],
  ["further already", openAudit({ status: "IN_PROGRESS" }), "NEW"],
])("Kard is not called about an audit that is %s", async (_, audit, status) => {
  const world = await worldWith(audit);
  expect(await handlePush(world)({ ...push, status })).toBe("known-already");
  expect(world.kard.gets).toEqual([]);
});

test.each([
  ["another issuer", { ...push, organizationId: "other" }],
  ["another Kard id", { ...push, kardAuditId: "other" }],
])("a push of %s is for an unknown audit", async (_, other) => {
  const world = await worldWith(openAudit());
  expect(await handlePush(world)(other)).toBe("unknown-audit");
  expect(world.kard.gets).toEqual([]);
});

test("a push for a lost create attaches its Kard id", async () => {
  const world = await worldWith(submittingAudit());
  world.kard.audits.set("kard-1", closedAtKard());
  expect(await handlePush(world)(push)).toBe("checked");
  expect(await world.audits.get(submittingAudit())).toMatchObject({ status: "CLOSED", kardAuditId: "kard-1" });
});

test("a push that matches two lost creates is attached to neither", async () => {
  const world = await worldWith(submittingAudit(), submittingAudit({ auditId: "twin" }));
  expect(await handlePush(world)(push)).toBe("unknown-audit");
  expect([...world.state.audits.values()].map(({ status }) => status)).toEqual(["SUBMITTING", "SUBMITTING"]);
});

test.each([
  ["that Kard definitely has not got", submittingAudit({ submission: "unsent" }), push],
  ["of another user", submittingAudit({ userId: "other" }), push],
  ["with another code", submittingAudit(), about({ auditCode: 3005 })],
  ["of another merchant", submittingAudit(), about({ merchantName: "other" })],
  ["with another description", submittingAudit(), about({ auditDescription: "other" })],
  ["of another transaction", submittingAudit(), about({ transactionId: "other" })],
])("a push is not attached to an unconfirmed audit %s", async (_, audit, other) => {
  const world = await worldWith(audit);
  expect(await handlePush(world)(other)).toBe("unknown-audit");
  expect(await world.audits.get(audit)).toEqual(audit);
});

test("the unconfirmed audit is found among any number of audits of its transaction", async () => {
  const others = Array.from({ length: 120 }, (_, n) =>
    openAudit({ auditId: `other-${n}`, kardAuditId: `kard-other-${n}`, createdAt: noon + n + 1 }),
  );
  const world = await worldWith(submittingAudit(), ...others);
  world.kard.audits.set("kard-1", closedAtKard());
  expect(await handlePush(world)(push)).toBe("checked");
  expect(await world.audits.get(submittingAudit())).toMatchObject({ kardAuditId: "kard-1" });
});

test("of several audits of one transaction the matching one is checked", async () => {
  const world = await worldWith(openAudit({ auditId: "other", kardAuditId: "kard-2" }), openAudit());
  world.kard.statusOutcomes.push({ outcome: "known", audit: closedAtKard() });
  await handlePush(world)(push);
  expect(await world.audits.get(openAudit())).toMatchObject({ status: "CLOSED" });
  expect(await world.audits.get(openAudit({ auditId: "other" }))).toMatchObject({ status: "NEW" });
});

test.each(["closed", " Closed ", "UNDER_REVIEW", undefined])("a push with the status %j is checked", async (status) => {
  const world = await worldWith(openAudit());
  world.kard.audits.set("kard-1", closedAtKard());
  expect(await handlePush(world)({ ...push, status })).toBe("checked");
  expect(await world.audits.get(openAudit())).toMatchObject({ status: "CLOSED" });
});

test("a push for an audit that Kard accepted without an id attaches it, however Kard formats its texts", async () => {
  const request = { ...aRequest, merchantName: "Caf\u00e9 Müller", auditDescription: "first\nsecond" };
  const world = await worldWith(submittingAudit({ request, acceptedWithoutIdAt: noon }));
  world.kard.audits.set("kard-1", openAtKard("NEW"));
  const written = { ...request, merchantName: " Cafe\u0301 Müller", auditDescription: "first\r\nsecond\r\n" };
  expect(await handlePush(world)({ ...push, status: "NEW", request: written })).toBe("known-already");
  expect(await world.audits.get(openAudit())).toMatchObject({ status: "NEW", kardAuditId: "kard-1" });
});

test.each([{ merchantName: undefined }, { auditCode: undefined }, { transactionId: undefined }])(
  "a push without %j is not attached",
  async (missing) => {
    const world = await worldWith(submittingAudit());
    expect(await handlePush(world)({ ...push, request: { ...aRequest, ...missing } })).toBe("unknown-audit");
  },
);
