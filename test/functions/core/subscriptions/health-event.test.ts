import { expect, test } from "@jest/globals";
import { withHealthEvent } from "../../../../functions/core/subscriptions/health-event.ts";
import type { Subscription } from "../../../../functions/core/subscriptions/subscription.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aSubscription } from "../../../support/sample-audits.ts";
import { attempt } from "./endpoint-attempts.ts";

const recovered = { type: "subscription.recovered", attempt: attempt(), owed: 1, failingSince: noon } as const;

function afterFlaps(count: number, of: Subscription): Subscription {
  return Array.from({ length: count }, (_, n) => noon + n).reduce(
    (subscription, at) => withHealthEvent(subscription, { ...recovered, at }),
    of,
  );
}

test("the newest 20 events wait while a target is down, and dropped ones leave a gap in the numbers", () => {
  const { events = [], eventCount } = afterFlaps(50, aSubscription());
  expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_, n) => n + 31));
  expect(eventCount).toBe(50);
});

test("an endpoint that flaps for a year stays far below the 400 KB of a row, with the longest texts", () => {
  const longest = { webhookUrl: `https://issuer.example/${"a".repeat(2_000)}`, description: "\u{1f4a5}".repeat(256) };
  expect(JSON.stringify(afterFlaps(1_000, aSubscription(longest))).length).toBeLessThan(200_000);
});
