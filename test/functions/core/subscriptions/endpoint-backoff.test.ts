import { describe, expect, test } from "@jest/globals";
import { noon } from "../../../support/fake-clock.ts";
import { aSubscription } from "../../../support/sample-audits.ts";
import { afterFailure, attempt, day } from "./endpoint-attempts.ts";

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
