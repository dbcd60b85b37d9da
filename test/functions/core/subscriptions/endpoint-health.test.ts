import { describe, expect, test } from "@jest/globals";
import { subscriptionDisabledEventBody } from "../../../../functions/core/events/events.ts";
import type { Attempt } from "../../../../functions/core/subscriptions/attempt.ts";
import {
  afterFailure,
  afterSuccess,
  isFailingForLong,
  setEnabled,
  withWebhookUrl,
} from "../../../../functions/core/subscriptions/endpoint-health.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aSubscription } from "../../../support/sample-audits.ts";

const hour = 60 * 60_000;
const day = 24 * hour;
const attempt = (changes: Partial<Attempt> = {}): Attempt => ({ at: noon, ms: 10, statusCode: 500, ...changes });

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
    const failing = afterFailure(aSubscription(), attempt(), undefined);
    expect(failing).toEqual(aSubscription({ failingSince: noon + 10 }));
    expect(failing && afterSuccess(failing)).toEqual(aSubscription());
  });

  test("is not what an error of the tracker is", () => {
    const error = { at: noon, ms: 10, error: "internal-error" };
    expect(afterFailure(aSubscription(), error, undefined)).toBeUndefined();
    expect(afterFailure(aSubscription({ failingSince: noon - 6 * day }), error, undefined)).toBeUndefined();
  });

  test("is not written again, and neither is a repeated success", () => {
    expect(afterFailure(aSubscription({ failingSince: noon - day }), attempt(), undefined)).toBeUndefined();
    expect(afterSuccess(aSubscription())).toBeUndefined();
  });

  test.each([
    [5 * day - 11, true],
    [5 * day - 10, false],
  ])("for %d ms leaves it enabled: %s", (ms, enabled) => {
    const after = afterFailure(aSubscription({ failingSince: noon - ms }), attempt(), undefined);
    expect(after?.enabled ?? true).toBe(enabled);
  });
});

describe("an endpoint that is disabled", () => {
  const gone = afterFailure(aSubscription({ description: "books" }), attempt({ statusCode: 410 }), undefined);

  test("has the reason, and stays in the outbox until it is announced", () => {
    expect(gone).toMatchObject({
      enabled: false,
      disabled: { at: noon + 10, reason: "gone" },
      sequence: 1,
      outboxAt: noon + 10 + 90_000,
    });
  });

  test("has an event that names it", () => {
    const body = subscriptionDisabledEventBody.parse(JSON.parse(gone?.event?.body ?? ""));
    expect(body).toMatchObject({
      id: gone?.event?.id,
      data: { id: "subscription-1", attributes: { description: "books" } },
    });
  });

  test("is disabled once", () => {
    expect(gone && afterFailure(gone, attempt({ statusCode: 410 }), undefined)).toBeUndefined();
  });

  test("has another event the next time", () => {
    const enabled = gone && setEnabled(gone, true, noon + day);
    expect(enabled).not.toHaveProperty("disabled");
    expect(enabled && afterFailure(enabled, attempt({ statusCode: 410 }), undefined)).toMatchObject({ sequence: 2 });
  });
});

describe("backoff", () => {
  test.each([{ statusCode: 429 }, { statusCode: 502 }, { statusCode: 504 }, { error: "timeout" }])(
    "follows %j",
    (given) => {
      const { statusCode: _statusCode, ...plain } = attempt();
      expect(afterFailure(aSubscription(), { ...plain, ...given }, undefined)?.backoff).toEqual({
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
      subscription = afterFailure(subscription, attempt({ at, statusCode: 429 }), undefined) ?? subscription;
      waits.push((subscription.backoff?.until ?? 0) - at - 10);
    }
    expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 840_000, 840_000]);
  });

  test("counts concurrent attempts once", () => {
    const backoff = afterFailure(aSubscription(), attempt({ statusCode: 429 }), undefined) ?? aSubscription();
    expect(afterFailure(backoff, attempt({ statusCode: 429 }), undefined)).toBeUndefined();
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
