import { healthEventBody } from "../../../../functions/core/events/webhook-events.ts";
import type { Attempt } from "../../../../functions/core/subscriptions/attempt.ts";
import {
  afterFailure as afterFailedAttempt,
  afterSuccess as afterSucceededAttempt,
  type HealthInput,
} from "../../../../functions/core/subscriptions/endpoint-health.ts";
import type { Subscription } from "../../../../functions/core/subscriptions/subscription.ts";
import { noon } from "../../../support/fake-clock.ts";

export const hour = 60 * 60_000;
export const day = 24 * hour;
export const attempt = (changes: Partial<Attempt> = {}): Attempt => ({ at: noon, ms: 10, statusCode: 500, ...changes });
export const afterFailure = (
  to: Subscription,
  failed: Attempt,
  retryAfterMs?: number,
  input: Partial<HealthInput> = {},
) => afterFailedAttempt(to, { attempt: failed, retryAfterMs, isReplay: false, ...input });
export const afterSuccess = (to: Subscription, input: Partial<HealthInput> = {}) =>
  afterSucceededAttempt(to, { attempt: attempt({ statusCode: 204 }), isReplay: false, ...input });
export const bodyOf = (subscription: Subscription | undefined, place = 0) =>
  healthEventBody.parse(JSON.parse(subscription?.events?.[place]?.body ?? ""));
