import type { EventSender, OutgoingEvent } from "../../../functions/core/notifications/ports.ts";
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
  event: OutgoingEvent;
}

/** A fake sender with responses from `responses`, in order, then 204. `posted` has the sent webhooks. */
export function fakeWebhooks(
  clock: Clock,
  responses: Receiver[] = [],
): EventSender & { posted: Posted[]; responses: Receiver[] } {
  const posted: Posted[] = [];
  return {
    posted,
    responses,
    prepare: async () => undefined,
    async send(subscription, event) {
      posted.push({ subscription, event });
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
