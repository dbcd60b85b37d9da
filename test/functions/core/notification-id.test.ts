import { expect, test } from "@jest/globals";
import { notificationId, notificationKeyOf } from "../../../functions/core/notification-id.ts";

const key = { organizationId: "org", auditId: "a#1", sequence: 12, subscriptionId: "s 🧾" };

test("an id is one word that leads back to its notification", () => {
  expect(notificationId(key)).toMatch(/^ntf_[\w-]+$/);
  expect(notificationKeyOf("org", notificationId(key))).toEqual(key);
});

test.each(["", "ntf_", "ntf_AAAA", "x", `${notificationId(key)}=`, notificationId(key).slice(4), "ntf_WzEsMiwzXQ"])(
  "%j is no notification's",
  (text) => {
    expect(notificationKeyOf("org", text)).toBeUndefined();
  },
);
