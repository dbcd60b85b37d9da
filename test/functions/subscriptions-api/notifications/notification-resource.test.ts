import { expect, test } from "@jest/globals";
import { notificationResource } from "../../../../functions/subscriptions-api/notifications/notification-resource.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aNotification } from "../../../support/sample-audits.ts";

const attempts = [{ at: noon, ms: 20, statusCode: 500 }];

test("the reason of a failure without an attempt is shown after failed attempts, too", () => {
  const failed = aNotification({ status: "delivery_failed", attempts, failure: "subscription-deleted" });
  expect(notificationResource(failed).attributes).toMatchObject({
    statusCode: 500,
    errorMessage: "subscription-deleted",
  });
});

test("without such a reason, it is that of the last attempt", () => {
  const failed = aNotification({ status: "delivery_failed", attempts: [{ at: noon, ms: 20, error: "timeout" }] });
  expect(notificationResource(failed).attributes.errorMessage).toBe("timeout");
  expect(notificationResource(aNotification({ attempts })).attributes.errorMessage).toBeUndefined();
});

test.each([
  ["audit.reopened", ["audit", "subscription"]],
  ["subscription.slow", ["affectedSubscription", "subscription"]],
  ["payout.failed", ["subscription"]],
])("%s, an event of a newer version, is shown with what its name says", (eventName, relations) => {
  const { attributes, relationships } = notificationResource(aNotification({ eventName }));
  expect(attributes.eventName).toBe(eventName);
  expect(Object.keys(relationships)).toEqual(relations);
});
