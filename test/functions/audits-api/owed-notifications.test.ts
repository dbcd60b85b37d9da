import { expect, test } from "@jest/globals";
import { owedNotifications } from "../../../functions/audits-api/owed-notifications.ts";
import { changeAudit } from "../../../functions/core/change-audit.ts";
import { notificationId } from "../../../functions/core/notification-id.ts";
import type { Subscription } from "../../../functions/core/subscription.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification, aSubscription, openAudit } from "../../support/sample-audits.ts";

const resolution = { resolutionCode: 5004, resolutionDescription: null, resolutionTimeStamp: null };

function closedAudit() {
  const closed = changeAudit(openAudit(), "close", { resolution }, noon);
  if (closed === undefined) throw new Error("it cannot be closed");
  return closed;
}

const [told, untold, uninterested] = [
  aSubscription(),
  aSubscription({ subscriptionId: "untold" }),
  aSubscription({ subscriptionId: "uninterested", filters: { auditCodes: [3005] } }),
];
const delivered = aNotification({ status: "delivered" });

test("while an event is on its way, whoever is owed it and has no record is pending", () => {
  expect(owedNotifications(closedAudit(), [delivered], [told, untold, uninterested])).toEqual([
    expect.objectContaining({ subscriptionId: "subscription-1", status: "delivered", attempts: 1 }),
    {
      id: notificationId({ ...delivered, subscriptionId: "untold" }),
      eventId: closedAudit().events.e1?.id,
      eventName: "audit.closed",
      sequence: 1,
      subscriptionId: "untold",
      status: "pending",
      attempts: 0,
    },
  ]);
});

test("once all have their outcome, later changes of the subscriptions owe nothing", () => {
  const { outboxAt: _outboxAt, ...settled } = closedAudit();
  expect(owedNotifications(settled, [delivered], [told, untold])).toHaveLength(1);
});

test("of an event that everyone has been told of, later changes of the subscriptions owe nothing while the next is on its way", () => {
  const started = changeAudit(openAudit(), "start", {}, noon);
  const closed = started && changeAudit({ ...started, toldUpTo: 1 }, "close", { resolution }, noon);
  if (closed === undefined) throw new Error("it cannot be closed");
  const eventNames: Subscription["eventNames"] = ["audit.in_progress", "audit.closed"];
  expect(owedNotifications(closed, [], [aSubscription({ eventNames })])).toMatchObject([{ eventName: "audit.closed" }]);
});
