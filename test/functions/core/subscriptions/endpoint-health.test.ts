import { describe, expect, test } from "@jest/globals";
import { healthEventBody, subscriptionDisabledEventBody } from "../../../../functions/core/events/webhook-events.ts";
import type { Attempt } from "../../../../functions/core/subscriptions/attempt.ts";
import {
  afterFailure as afterFailedAttempt,
  afterSuccess as afterSucceededAttempt,
  type HealthInput,
  isFailingForLong,
  setEnabled,
  withWebhookUrl,
} from "../../../../functions/core/subscriptions/endpoint-health.ts";
import type { Subscription } from "../../../../functions/core/subscriptions/subscription.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aSubscription } from "../../../support/sample-audits.ts";

const hour = 60 * 60_000;
const day = 24 * hour;
const attempt = (changes: Partial<Attempt> = {}): Attempt => ({ at: noon, ms: 10, statusCode: 500, ...changes });
const afterFailure = (to: Subscription, failed: Attempt, retryAfterMs?: number, input: Partial<HealthInput> = {}) =>
  afterFailedAttempt(to, { attempt: failed, retryAfterMs, isReplay: false, ...input });
const afterSuccess = (to: Subscription, input: Partial<HealthInput> = {}) =>
  afterSucceededAttempt(to, { attempt: attempt({ statusCode: 204 }), isReplay: false, ...input });
const bodyOf = (subscription: Subscription | undefined, place = 0) =>
  healthEventBody.parse(JSON.parse(subscription?.events?.[place]?.body ?? ""));

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

describe("backoff", () => {
  test.each([{ statusCode: 429 }, { statusCode: 502 }, { statusCode: 504 }, { error: "timeout" }])(
    "follows %j",
    (given) => {
      const { statusCode: _statusCode, ...plain } = attempt();
      expect(afterFailure(aSubscription(), { ...plain, ...given })?.backoff).toEqual({
        until: noon + 10 + 30_000,
        waitMs: 30_000,
      });
    },
  );

  test("doubles up to a quarter of an hour", () => {
    let subscription = aSubscription();
    const waits: number[] = [];
    for (let n = 0; n < 7; n++) {
      const at = subscription.backoff?.until ?? noon;
      subscription = afterFailure(subscription, attempt({ at, statusCode: 429 })) ?? subscription;
      waits.push((subscription.backoff?.until ?? 0) - at - 10);
    }
    expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 840_000, 840_000]);
  });

  test("counts concurrent attempts once", () => {
    const backoff = afterFailure(aSubscription(), attempt({ statusCode: 429 })) ?? aSubscription();
    expect(afterFailure(backoff, attempt({ statusCode: 429 }))).toBeUndefined();
  });

  test("is as long as the endpoint's Retry-After, up to a day", () => {
    const wait = (retryAfterMs: number) =>
      (afterFailure(aSubscription(), attempt({ statusCode: 429 }), retryAfterMs)?.backoff?.until ?? 0) - noon - 10;
    expect(wait(120_000)).toBe(120_000);
    expect(wait(5_000)).toBe(30_000);
    expect(wait(day)).toBe(day);
    expect(wait(2 * day)).toBe(day);
  });
});

test("disabling by the owner sends no event, and enabling releases held notifications", () => {
  const off = setEnabled(aSubscription({ failingSince: noon }), false, noon);
  expect(off).toEqual(aSubscription({ enabled: false, disabled: { at: noon, reason: "by-owner" } }));
  expect(setEnabled(off, true, noon)).toEqual(aSubscription({ outboxAt: noon + 90_000 }));
  expect(setEnabled(off, false, noon + 1)).toBe(off);
});

test("another URL resets the health, and the same one keeps it", () => {
  const sick = aSubscription({ failingSince: noon, backoff: { until: noon, waitMs: 30_000 }, slowUntil: noon });
  expect(withWebhookUrl(sick, sick.webhookUrl)).toEqual(sick);
  const webhookUrl = "https://elsewhere.example/webhooks";
  expect(withWebhookUrl(sick, webhookUrl)).toEqual(aSubscription({ webhookUrl }));
});
