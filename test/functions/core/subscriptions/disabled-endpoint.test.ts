import { describe, expect, test } from "@jest/globals";
import { subscriptionDisabledEventBody } from "../../../../functions/core/events/webhook-events.ts";
import { setEnabled, withWebhookUrl } from "../../../../functions/core/subscriptions/endpoint-health.ts";
import type { Subscription } from "../../../../functions/core/subscriptions/subscription.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aSubscription } from "../../../support/sample-audits.ts";
import { afterFailure, afterSuccess, attempt, bodyOf, day } from "./endpoint-attempts.ts";

describe("a recovery", () => {
  const warned = { failingSince: noon - day, warned: { stages: 1, firstAt: noon - day / 2 }, inTrouble: true } as const;

  test("is announced if the failures were", () => {
    const after = afterSuccess(aSubscription(warned), { owed: 3 });
    const { events: _events, ...rest } = after ?? aSubscription();
    expect(rest).toEqual(aSubscription({ eventCount: 1, outboxAt: noon + 10 + 90_000 }));
    expect(bodyOf(after)).toMatchObject({
      type: "subscription.recovered",
      data: { attributes: { failingSince: new Date(noon - day).toISOString(), owedNotifications: 3 } },
    });
  });

  test("is announced after the owner has enabled a disabled endpoint, and only then", () => {
    const disabled = afterFailure(aSubscription(), attempt({ statusCode: 410 })) ?? aSubscription();
    expect(afterSuccess(disabled)).toBeUndefined();
    const recovered = afterSuccess(setEnabled(disabled, true, noon));
    expect([bodyOf(recovered).type, bodyOf(recovered, 1).type]).toEqual([
      "subscription.disabled",
      "subscription.recovered",
    ]);
  });

  test("is announced after the owner has changed the URL of a failing endpoint", () => {
    const moved = withWebhookUrl(aSubscription(warned), "https://new.example/");
    expect(moved).not.toHaveProperty("warned");
    expect(bodyOf(afterSuccess(moved))).toMatchObject({ type: "subscription.recovered" });
  });
});

describe("an endpoint that is disabled", () => {
  const gone = afterFailure(aSubscription({ description: "books" }), attempt({ statusCode: 410 }));

  test("has the reason, and stays in the outbox until it is announced", () => {
    expect(gone).toMatchObject({
      enabled: false,
      disabled: { at: noon + 10, reason: "gone" },
      sequence: 1,
      outboxAt: noon + 10 + 90_000,
    });
  });

  test("has an event that names it", () => {
    const body = subscriptionDisabledEventBody.parse(JSON.parse(gone?.events?.[0]?.body ?? ""));
    expect(body).toMatchObject({
      id: gone?.events?.[0]?.id,
      data: { id: "subscription-1", attributes: { description: "books" }, sequence: 1, eventNumber: 1 },
    });
  });

  test("is disabled once", () => {
    expect(gone && afterFailure(gone, attempt({ statusCode: 410 }))).toBeUndefined();
  });

  test("has the next event number after other events, and after those that an earlier version counted", () => {
    const counted = { sequence: 1, eventCount: 3 };
    const numbered = (changes: Partial<Subscription>) =>
      bodyOf(afterFailure(aSubscription(changes), attempt({ statusCode: 410 }))).data;
    expect(numbered(counted)).toMatchObject({ sequence: 2, eventNumber: 4 });
    expect(numbered({ sequence: 5 })).toMatchObject({ sequence: 6, eventNumber: 6 });
  });

  test("has another event the next time", () => {
    const enabled = gone && setEnabled(gone, true, noon + day);
    expect(enabled).not.toHaveProperty("disabled");
    expect(enabled && afterFailure(enabled, attempt({ statusCode: 410 }))).toMatchObject({ sequence: 2 });
  });
});

test("disabling by the owner sends no event, and enabling releases held notifications", () => {
  const off = setEnabled(aSubscription({ failingSince: noon }), false, noon);
  expect(off).toEqual(aSubscription({ enabled: false, disabled: { at: noon, reason: "by-owner" } }));
  expect(setEnabled(off, true, noon)).toEqual(aSubscription({ outboxAt: noon + 90_000 }));
  expect(setEnabled(off, false, noon + 1)).toBe(off);
});
