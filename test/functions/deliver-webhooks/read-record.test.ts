import { expect, test } from "@jest/globals";
import type { Delivery } from "../../../functions/core/notifications/delivery.ts";
import { isSuspect, readRecord } from "../../../functions/deliver-webhooks/read-record.ts";

const delivery: Delivery = {
  ...{ organizationId: "org", auditId: "audit-1", sequence: 1, subscriptionId: "s1", attemptCount: 0 },
  ...{ eventId: "evt_1", eventName: "audit.closed", body: "{}" },
};
const read = (eventSourceARN: string, ApproximateReceiveCount: string) =>
  readRecord({ body: JSON.stringify(delivery), eventSourceARN, attributes: { ApproximateReceiveCount } }, "arn:slow");

test("a message has its delivery, its queue, and whether it was received before", () => {
  expect(read("arn:standard", "1")).toEqual({ delivery, route: "standard", redelivered: false });
  expect(read("arn:slow", "2")).toEqual({ delivery, route: "slow", redelivered: true });
});

test("a delivery is suspect if it was received before or its last attempt was interrupted", () => {
  const way = { route: "standard", redelivered: false } as const;
  expect(isSuspect({ ...way, delivery })).toBe(false);
  expect(isSuspect({ ...way, delivery, redelivered: true })).toBe(true);
  expect(isSuspect({ ...way, delivery: { ...delivery, interrupted: true } })).toBe(true);
});
