import { expect, test } from "@jest/globals";
import { notificationId, notificationKeyOf } from "../../../../functions/core/notifications/notification-id.ts";

const key = { organizationId: "org", auditId: "a#1", sequence: 12, subscriptionId: "s 🧾" };

test("an id is one word that decodes to its notification", () => {
  expect(notificationId(key)).toMatch(/^ntf_[\w-]+$/);
  expect(notificationKeyOf("org", notificationId(key))).toEqual(key);
});

test.each(["", "ntf_", "ntf_AAAA", "x", `${notificationId(key)}=`, notificationId(key).slice(4), "ntf_WzEsMiwzXQ"])(
  "%j is not a notification's id",
  (text) => {
    expect(notificationKeyOf("org", text)).toBeUndefined();
  },
);

test.each([
  ["with an id longer than any", ["x".repeat(257), 1, "s"]],
  ["with an id of no characters", ["", 1, "s"]],
  ["with a subscription longer than any", ["a", 1, "x".repeat(2_000)]],
  ["with a control character", ["a\u0000", 1, "s"]],
  ["before the first event", ["a", 0, "s"]],
  ["between two events", ["a", 1.5, "s"]],
  ["beyond all counting", ["a", 1e300, "s"]],
])("an id whose key no row can have is not valid: %s", (_, [auditId, sequence, subscriptionId]) => {
  const forged = notificationId({
    auditId: String(auditId),
    sequence: Number(sequence),
    subscriptionId: String(subscriptionId),
  });
  expect(notificationKeyOf("org", forged)).toBeUndefined();
});
