import { expect, test } from "@jest/globals";
import { isSubscribedTo } from "../../../../functions/core/subscriptions/subscription.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aSubscription, openAudit } from "../../../support/sample-audits.ts";

const closed = { type: "audit.closed", at: noon } as const;
const resolution = { resolutionCode: 5004, resolutionDescription: null, resolutionTimeStamp: null };
const audit = openAudit({ resolution });

test("a subscription gets the events that it selects, and none from before it", () => {
  expect(isSubscribedTo(aSubscription(), closed, audit)).toBe(true);
  expect(isSubscribedTo(aSubscription(), { ...closed, type: "audit.overdue" }, audit)).toBe(false);
  expect(isSubscribedTo(aSubscription({ createdAt: noon + 1 }), closed, audit)).toBe(false);
});

test.each([
  [{ auditCodes: [3006] }, true],
  [{ auditCodes: [3005, 8001] }, false],
  [{ resolutionCodes: [5004] }, true],
  [{ resolutionCodes: [5001] }, false],
  [{ auditCodes: [3006], resolutionCodes: [5001] }, false],
  [{}, true],
])("the filters %j let it pass: %s", (filters, owed) => {
  expect(isSubscribedTo(aSubscription({ filters }), closed, audit)).toBe(owed);
});

test("an audit closed without a code passes no resolution filter", () => {
  const none = openAudit({ resolution: { ...resolution, resolutionCode: null } });
  expect(isSubscribedTo(aSubscription({ filters: { resolutionCodes: [5004] } }), closed, none)).toBe(false);
});

test("a resolution filter applies only to closed audits", () => {
  const subscription = aSubscription({ eventNames: ["audit.in_progress"], filters: { resolutionCodes: [5001] } });
  expect(isSubscribedTo(subscription, { type: "audit.in_progress", at: noon }, audit)).toBe(true);
});
