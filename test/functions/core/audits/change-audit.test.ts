import { describe, expect, test } from "@jest/globals";
import {
  type Audit,
  type AuditStatus,
  auditStatus,
  type TransitionName,
} from "../../../../functions/core/audits/audit.ts";
import {
  changeAudit,
  eventsInOrder,
  publishGraceMs,
  type TransitionFacts,
} from "../../../../functions/core/audits/change-audit.ts";
import { auditEventBody } from "../../../../functions/core/events/events.ts";
import { noon } from "../../../support/fake-clock.ts";
import { openAudit, submittingAudit } from "../../../support/sample-audits.ts";

const refusal = { status: 400, errors: [{ status: "400", title: "Invalid Request", detail: "no" }] };
const resolution = {
  resolutionCode: 5004,
  resolutionDescription: null,
  resolutionTimeStamp: "2026-03-14T12:30:00.000Z",
};
const facts: TransitionFacts = {
  accept: { kardAuditId: "kard-1" },
  refuse: { refusal },
  reject: { refusal },
  start: {},
  close: { resolution },
  dueSoon: {},
  overdue: {},
  fulfil: {},
  leaveUnfulfilled: {},
};

/** The result of each transition by status; missing ones are not allowed. */
const allowed: Record<TransitionName, Partial<Record<AuditStatus, AuditStatus>>> = {
  accept: { SUBMITTING: "NEW" },
  refuse: { SUBMITTING: "REJECTED" },
  reject: { SUBMITTING: "REJECTED" },
  start: { NEW: "IN_PROGRESS" },
  close: { NEW: "CLOSED", IN_PROGRESS: "CLOSED" },
  dueSoon: { SUBMITTING: "SUBMITTING", NEW: "NEW", IN_PROGRESS: "IN_PROGRESS" },
  overdue: { SUBMITTING: "SUBMITTING", NEW: "NEW", IN_PROGRESS: "IN_PROGRESS" },
  fulfil: { CLOSED: "CLOSED" },
  leaveUnfulfilled: { CLOSED: "CLOSED" },
};
const names = Object.keys(allowed) as TransitionName[];
const cases = names.flatMap((name) => auditStatus.options.map((from) => [name, from, allowed[name][from]] as const));

test.each(cases)("%s of an audit that is %s leads to %s", (name, from, to) => {
  const changed = changeAudit(openAudit({ status: from }), name, facts[name], noon);
  expect(changed?.status).toBe(to);
});

const eventOf = {
  accept: undefined,
  refuse: undefined,
  reject: "audit.rejected",
  start: "audit.in_progress",
  close: "audit.closed",
  dueSoon: "audit.due_soon",
  overdue: "audit.overdue",
  fulfil: "audit.fulfilled",
  leaveUnfulfilled: "audit.unfulfilled",
} as const;

describe.each(names)("%s", (name) => {
  const [from] = Object.keys(allowed[name]) as AuditStatus[];
  const before: Audit = openAudit({ status: from ?? "NEW", sequence: 1, laneAt: noon - 5, outboxAt: noon });
  const after = changeAudit(before, name, facts[name], noon + 7);

  test("puts its event, if any, with the next number into the outbox", () => {
    const type = eventOf[name];
    expect(after?.sequence).toBe(type === undefined ? 1 : 2);
    expect(after?.events.e2?.type).toBe(type);
    expect(after?.outboxAt).toBe(type === undefined ? noon : noon + 7 + publishGraceMs);
  });

  test("does not change the given audit", () => {
    expect(before).toEqual(openAudit({ status: from ?? "NEW", sequence: 1, laneAt: noon - 5, outboxAt: noon }));
  });
});

test("an accepted audit is in lane OPEN from its acceptance on", () => {
  const accepted = changeAudit(submittingAudit(), "accept", { kardAuditId: "kard-9" }, noon + 3);
  expect(accepted).toMatchObject({ lane: "OPEN", laneAt: noon + 3, acceptedAt: noon + 3, kardAuditId: "kard-9" });
});

test.each(["refuse", "reject", "close"] as const)("%s removes the audit from its lane", (name) => {
  const settled = changeAudit(openAudit({ status: name === "close" ? "NEW" : "SUBMITTING" }), name, facts[name], noon);
  expect(settled).toBeDefined();
  expect(settled).not.toHaveProperty("lane");
  expect(settled).not.toHaveProperty("laneAt");
});

test("an event has the bytes that all subscribers get: the audit by the published schema", () => {
  const closed = changeAudit(openAudit({ sequence: 1 }), "close", { resolution }, noon);
  const event = closed?.events.e2;
  const body: unknown = JSON.parse(event?.body ?? "");
  expect(auditEventBody.parse(body)).toEqual(body);
  expect(body).toMatchObject({
    id: event?.id,
    type: "audit.closed",
    timestamp: "2026-03-14T12:00:00.000Z",
    data: { type: "audit", attributes: { status: "CLOSED", ...resolution }, sequence: 2 },
  });
});

test.each([
  [5002, { outcome: "pending_adjustment", nextActor: "kard" }],
  [5999, { outcome: "unknown", nextActor: "issuer" }],
  [null, { outcome: "unknown", nextActor: "issuer" }],
])("the event of an audit closed with code %p says what that means", (resolutionCode, attributes) => {
  const closed = changeAudit(openAudit({}), "close", { resolution: { ...resolution, resolutionCode } }, noon);
  expect(JSON.parse(closed?.events.e1?.body ?? "")).toMatchObject({ data: { attributes } });
  const open = changeAudit(openAudit({}), "start", {}, noon);
  expect(open?.events.e1?.body).not.toMatch(/outcome|nextActor/);
});

test("events come in the order of their sequence", () => {
  const started = changeAudit(openAudit(), "start", {}, noon);
  const late = started && changeAudit(started, "overdue", {}, noon + 1);
  const closed = late && changeAudit(late, "close", { resolution }, noon + 2);
  expect(closed && eventsInOrder(closed).map(({ sequence, event }) => [sequence, event.type])).toEqual([
    [1, "audit.in_progress"],
    [2, "audit.overdue"],
    [3, "audit.closed"],
  ]);
});
