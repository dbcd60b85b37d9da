import { expect, test } from "@jest/globals";
import { changeAudit, eventKey } from "../../../../functions/core/audits/change-audit.ts";
import { inKardsWords } from "../../../../functions/core/events/kard-audit-update.ts";
import { noon } from "../../../support/fake-clock.ts";
import { auditUpdate } from "../../../support/kard/kard-push.ts";
import { aRequest, openAudit, submittingAudit } from "../../../support/sample-audits.ts";

const resolution = {
  resolutionCode: 5004,
  resolutionDescription: "Reward dispute resolved: Café Zoé",
  resolutionTimeStamp: "2026-03-14T12:30:00.000Z",
};
const { organizationId, auditId } = openAudit();
const { transactionId, auditCode, merchantName, auditDescription } = aRequest;

type Changed = NonNullable<ReturnType<typeof changeAudit>>;

function bodyOf(changed: Changed | undefined): string {
  if (changed === undefined) throw new Error("the transition is not allowed");
  return changed.events[eventKey(changed.sequence)]?.body ?? "";
}

const closed = (changes: Partial<typeof resolution> = {}, of = openAudit()) =>
  bodyOf(changeAudit(of, "close", { resolution: { ...resolution, ...changes } }, noon));

test("a closed audit is Kard's auditUpdate, under the ids of the tracker's callers", () => {
  expect(JSON.parse(inKardsWords(closed()))).toEqual({
    data: {
      type: "auditUpdate",
      id: `evt_${auditId.replaceAll("-", "")}_1`,
      attributes: { status: "CLOSED", transactionId, auditCode, merchantName, auditDescription, ...resolution },
      relationships: {
        user: { data: { type: "user", id: "user-1" } },
        audit: { data: { type: "audit", id: auditId } },
      },
    },
    meta: { issuerId: organizationId, issuerName: organizationId },
  });
});

const nothing = { resolutionCode: null, resolutionDescription: null, resolutionTimeStamp: null };
const errors = [{ status: "400", title: "T", detail: "no such transaction" }];
const { userId: _userId, ...withoutUser } = openAudit();

test.each([
  ["one in progress", bodyOf(changeAudit(openAudit(), "start", {}, noon)), "IN_PROGRESS"],
  ["one closed without a resolution", closed(nothing as never), "CLOSED"],
  [
    "one that Kard refused later",
    bodyOf(changeAudit(submittingAudit(), "reject", { refusal: { status: 400, errors } }, noon)),
    "CLOSED",
  ],
  ["one without a user", closed({}, withoutUser), "CLOSED"],
])("%s fits Kard's schema", (_, body, status) => {
  expect(auditUpdate.parse(JSON.parse(inKardsWords(body))).data.attributes.status).toBe(status);
});

test("a receiver that hashes JSON.stringify of what it parsed, as Kard's recipe does, hashes the same bytes", () => {
  const body = inKardsWords(closed());
  expect(body).toContain("Café");
  expect(JSON.stringify(JSON.parse(body))).toBe(body);
  expect(inKardsWords(closed())).toBe(body);
});

test("an event of a newer version is converted, too", () => {
  const event = JSON.parse(closed());
  event.data.attributes.outcome = "of a later version";
  expect(JSON.parse(inKardsWords(JSON.stringify(event)))).toMatchObject({ data: { attributes: { status: "CLOSED" } } });
});

test("a test event keeps its name", () => {
  const data = { type: "subscription", id: "s", attributes: { organizationId } };
  const ping = { id: "evt_1", type: "subscription.test", timestamp: "2026-03-14T12:00:00.000Z", data };
  expect(JSON.parse(inKardsWords(JSON.stringify(ping)))).toMatchObject({
    data: { type: "subscription.test", id: "evt_1" },
  });
});

test("an event of a newer version is Kard's auditUpdate, too: its status counts", () => {
  const reopened = closed().replace('"audit.closed"', '"audit.reopened"');
  expect(inKardsWords(reopened)).toBe(inKardsWords(closed()));
});
