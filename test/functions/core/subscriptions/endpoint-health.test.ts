import { describe, expect, test } from "@jest/globals";
import { isFailingForLong, withWebhookUrl } from "../../../../functions/core/subscriptions/endpoint-health.ts";
import type { Subscription } from "../../../../functions/core/subscriptions/subscription.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aSubscription } from "../../../support/sample-audits.ts";
import { afterFailure, afterSuccess, attempt, bodyOf, day, hour } from "./endpoint-attempts.ts";

describe("failing", () => {
  test.each([
    [undefined, false],
    [6 * hour - 1, false],
    [6 * hour, true],
  ])("failing for %p ms is long: %p", (ms, isLong) => {
    const subscription = aSubscription(ms === undefined ? {} : { failingSince: noon - ms });
    expect(isFailingForLong(subscription, noon)).toBe(isLong);
  });

  test("is recorded with the first failure, and reset by a success", () => {
    const failing = afterFailure(aSubscription(), attempt());
    expect(failing).toEqual(aSubscription({ failingSince: noon + 10 }));
    expect(failing && afterSuccess(failing)).toEqual(aSubscription());
  });

  test("is not what an error of the tracker is", () => {
    const error = { at: noon, ms: 10, error: "internal-error" };
    expect(afterFailure(aSubscription(), error)).toBeUndefined();
    expect(afterFailure(aSubscription({ failingSince: noon - 6 * day }), error)).toBeUndefined();
  });

  test("is not written again, and neither is a repeated success", () => {
    expect(afterFailure(aSubscription({ failingSince: noon - day / 4 }), attempt())).toBeUndefined();
    expect(afterSuccess(aSubscription())).toBeUndefined();
  });

  test.each([
    [5 * day - 11, true],
    [5 * day - 10, false],
  ])("for %d ms after it was announced leaves it enabled: %s", (ms, enabled) => {
    const warned = { stages: 3, firstAt: noon - 4 * day };
    const after = afterFailure(aSubscription({ failingSince: noon - ms, warned }), attempt());
    expect(after?.enabled ?? true).toBe(enabled);
  });

  test.each([
    ["was never announced", {}],
    ["was announced less than a day ago", { warned: { stages: 1, firstAt: noon + 11 - day } }],
  ])("for five days that %s announces it, and leaves it enabled", (_, health) => {
    const after = afterFailure(aSubscription({ failingSince: noon - 5 * day, ...health }), attempt());
    expect(after).toMatchObject({ enabled: true, warned: { stages: 3 } });
    expect(bodyOf(after)).toMatchObject({ type: "subscription.failing" });
  });
});

describe("an announcement of failures", () => {
  const failing = (ms: number, changes: Partial<Subscription> = {}) =>
    aSubscription({ failingSince: noon + 10 - ms, ...changes });

  test.each([
    [12 * hour - 1, 0],
    [12 * hour, 1],
    [2 * day - 1, 1],
    [2 * day, 2],
    [4 * day - 1, 2],
    [4 * day, 3],
  ])("after %d ms is that of stage %d", (ms, stages) => {
    expect(afterFailure(failing(ms), attempt())?.warned?.stages ?? 0).toBe(stages);
  });

  test("is made once per stage", () => {
    const first = afterFailure(failing(12 * hour), attempt());
    expect(first && afterFailure(first, attempt())).toBeUndefined();
    const second = first && afterFailure({ ...first, failingSince: noon - 2 * day }, attempt());
    expect(second).toMatchObject({ eventCount: 2, sequence: 0, warned: { stages: 2, firstAt: noon + 10 } });
    expect(second?.events).toHaveLength(2);
  });

  test("has the last attempt, what is owed, and when the endpoint will be disabled", () => {
    const after = afterFailure(failing(2 * day, { description: "books" }), attempt({ error: "timeout" }), undefined, {
      owed: 7,
    });
    expect(after).toMatchObject({ inTrouble: true, outboxAt: noon + 10 + 90_000 });
    expect(bodyOf(after)).toMatchObject({
      id: after?.events?.[0]?.id,
      data: {
        id: "subscription-1",
        eventNumber: 1,
        attributes: {
          description: "books",
          failingSince: new Date(noon + 10 - 2 * day).toISOString(),
          disabledFrom: new Date(noon + 10 + 3 * day).toISOString(),
          lastAttempt: { timestamp: new Date(noon).toISOString(), milliseconds: 10, errorMessage: "timeout" },
          owedNotifications: 7,
        },
      },
    });
  });

  test("keeps the time of other work of the sweep", () => {
    expect(afterFailure(failing(12 * hour, { outboxAt: noon }), attempt())).toMatchObject({ outboxAt: noon });
  });
});

describe("the first attempt after a replay", () => {
  const isReplay = true;

  test("begins no series of failures, and continues none", () => {
    expect(afterFailure(aSubscription(), attempt(), undefined, { isReplay })).toBeUndefined();
    const old = aSubscription({ failingSince: noon - 6 * day, warned: { stages: 3, firstAt: noon - 5 * day } });
    expect(afterFailure(old, attempt(), undefined, { isReplay })).toBeUndefined();
  });

  test("disables an endpoint that is gone, and slows down an overloaded one", () => {
    const gone = attempt({ statusCode: 410 });
    expect(afterFailure(aSubscription(), gone, undefined, { isReplay })).toMatchObject({ enabled: false });
    const after = afterFailure(aSubscription(), attempt({ statusCode: 429 }), undefined, { isReplay });
    expect(after).toEqual(aSubscription({ backoff: { until: noon + 10 + 30_000, waitMs: 30_000 } }));
  });

  test("ends a series by succeeding", () => {
    expect(afterSuccess(aSubscription({ failingSince: noon }), { isReplay })).toEqual(aSubscription());
  });
});

test("another URL resets the health, and the same one keeps it", () => {
  const sick = aSubscription({ failingSince: noon, backoff: { until: noon, waitMs: 30_000 }, slowUntil: noon });
  expect(withWebhookUrl(sick, sick.webhookUrl)).toEqual(sick);
  const webhookUrl = "https://elsewhere.example/webhooks";
  expect(withWebhookUrl(sick, webhookUrl)).toEqual(aSubscription({ webhookUrl }));
});
