import { expect, test } from "@jest/globals";
import { auditDetails, auditResource } from "../../../../functions/audits-api/audit/audit-details.ts";
import { changeAudit } from "../../../../functions/core/audits/change-audit.ts";
import type { PollPlan } from "../../../../functions/core/tracking/poll-plan.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aNotification, aRequest, openAudit, submittingAudit } from "../../../support/sample-audits.ts";

const minute = 60_000;
const plan: PollPlan = {
  bands: [{ from: 5 * minute, to: null, gap: 5 * minute, resolution: minute }],
  overdueAfter: 90 * 24 * 60 * minute,
};

test("a resource has Kard's fields under Kard's names, and times in ISO 8601", () => {
  expect(auditResource(openAudit())).toEqual({
    type: "audit",
    id: openAudit().auditId,
    attributes: {
      organizationId: "org",
      status: "NEW",
      kardAuditId: "kard-1",
      ...aRequest,
      submission: "confirmed",
      createdAt: "2026-03-14T12:00:00.000Z",
      acceptedAt: "2026-03-14T12:00:00.000Z",
      sequence: 0,
    },
    relationships: { user: { data: { type: "user", id: "user-1" } } },
  });
});

test("an audit without a user has no relationships", () => {
  const { userId: _userId, ...legacy } = openAudit();
  expect(auditResource(legacy)).not.toHaveProperty("relationships");
});

test("a refused audit shows Kard's own errors", () => {
  const errors = [{ status: "400", title: "Invalid Request", detail: "no" }];
  expect(auditResource(openAudit({ status: "REJECTED", refusal: { status: 400, errors } }))).toMatchObject({
    attributes: { refusal: errors },
  });
});

test("internal attributes are not shown", () => {
  const shown = JSON.stringify(auditDetails(openAudit({ fingerprint: "f00d", outboxAt: noon }), [], plan, noon));
  expect(shown).not.toMatch(/fingerprint|f00d|outboxAt|laneAt|"lane"/);
});

test("an open audit shows its last and next poll", () => {
  expect(auditDetails(openAudit(), [], plan, noon + 7 * minute)).toMatchObject({
    attributes: { lastPolledAt: "2026-03-14T12:05:00.000Z", nextPollAt: "2026-03-14T12:10:00.000Z" },
  });
});

test("an audit in lane RECHECK shows its lane's time as the next poll", () => {
  const recheck = openAudit({ lane: "RECHECK", laneAt: noon + 8 * minute });
  expect(auditDetails(recheck, [], plan, noon + 7 * minute)).toMatchObject({
    attributes: { nextPollAt: "2026-03-14T12:08:00.000Z" },
  });
});

test("a waiting audit shows its next submission", () => {
  expect(auditDetails(submittingAudit({ laneAt: noon + minute }), [], plan, noon)).toMatchObject({
    attributes: { nextSubmissionAt: "2026-03-14T12:01:00.000Z" },
  });
});

test("a settled audit has no next poll", () => {
  const { lane: _lane, laneAt: _laneAt, ...closed } = openAudit({ status: "CLOSED" });
  const { attributes } = auditDetails(closed, [], plan, noon);
  expect(attributes).not.toHaveProperty("nextPollAt");
  expect(attributes).not.toHaveProperty("lastPolledAt");
});

test("the timeline has the whole history in order of time", () => {
  const started = changeAudit(openAudit({ acceptedAt: noon + 1 }), "start", {}, noon + 2);
  const resolution = { resolutionCode: 5009, resolutionDescription: null, resolutionTimeStamp: null };
  const closed = started && changeAudit(started, "close", { resolution }, noon + 3);
  const event = closed?.events.e2;
  if (closed === undefined || event === undefined) throw new Error("it cannot be closed");
  const published = { ...closed, events: { ...closed.events, e2: { ...event, publishedAt: noon + 4 } } };
  const delivery = aNotification({
    sequence: 2,
    status: "delivered",
    attemptCount: 2,
    attempts: [
      { at: noon + 5, ms: 9, error: "timeout" },
      { at: noon + 6, ms: 8, statusCode: 200 },
    ],
  });
  const { attributes } = auditDetails(published, [delivery], plan, noon + 7);
  expect(attributes.timeline.map(({ what }) => what)).toEqual([
    "accepted",
    "sent",
    "in_progress",
    "closed",
    "published",
    "delivery",
    "delivery",
  ]);
  expect(attributes.timeline.at(-1)).toMatchObject({ sequence: 2, subscriptionId: "subscription-1", statusCode: 200 });
  expect(attributes.notifications).toMatchObject([
    {
      eventName: "audit.closed",
      eventId: published.events.e2.id,
      sequence: 2,
      subscriptionId: "subscription-1",
      status: "delivered",
      attempts: 2,
    },
  ]);
});
