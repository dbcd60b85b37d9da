import type { WebhookSender } from "../../../functions/core/notifications/ports.ts";
import type { Clock } from "../../../functions/core/shared/ports.ts";
import type { Subscription } from "../../../functions/core/subscriptions/subscription.ts";

export interface Receiver {
  statusCode?: number;
  error?: string;
  ms?: number;
  retryAfterMs?: number;
  response?: string;
}

export interface Posted {
  subscription: Subscription;
  message: { id: string; body: string };
}

/** A fake sender with responses from `responses`, in order, then 204. `posted` has the sent webhooks. */
export function fakeWebhooks(
  clock: Clock,
  responses: Receiver[] = [],
): WebhookSender & { posted: Posted[]; responses: Receiver[] } {
  const posted: Posted[] = [];
  return {
    posted,
    responses,
    prepare: async () => undefined,
    async post(subscription, message) {
      posted.push({ subscription, message });
      const { statusCode, error, ms = 10, retryAfterMs, response = "" } = responses.shift() ?? { statusCode: 204 };
      return {
        attempt: {
          at: clock(),
          ms,
          ...(statusCode === undefined ? {} : { statusCode }),
          ...(error === undefined ? {} : { error }),
        },
        delivered: statusCode !== undefined && statusCode >= 200 && statusCode < 300,
        retryAfterMs,
        response,
      };
    },
  };
}
