import type * as z from "zod";
import { asciiJson } from "../core/events/ascii-json.ts";
import { type TestEventBody, timestamp } from "../core/events/events.ts";
import type { WebhookSender } from "../core/notifications/ports.ts";
import type { Clock } from "../core/shared/ports.ts";
import type { Subscription } from "../core/subscriptions/subscription.ts";
import type { shownTest } from "./subscription-shapes.ts";

export interface SendTestDeps {
  webhooks: Pick<WebhookSender, "post">;
  clock: Clock;
  randomUuid: () => string;
}

/**
 * Sends a signed test event to a subscription's endpoint, even if it is disabled, and returns the result. Nothing is
 * recorded.
 */
export function sendTest(deps: SendTestDeps) {
  return async (subscription: Subscription): Promise<z.infer<typeof shownTest>> => {
    const { organizationId, subscriptionId } = subscription;
    const event: TestEventBody = {
      id: `evt_${deps.randomUuid().replaceAll("-", "")}`,
      type: "subscription.test",
      timestamp: timestamp(deps.clock()),
      data: { type: "subscription", id: subscriptionId, attributes: { organizationId } },
    };
    const message = { id: event.id, body: asciiJson(event) };
    const { attempt, delivered, answer } = await deps.webhooks.post(subscription, message);
    const { at, ms, statusCode, error } = attempt;
    return {
      type: "test",
      id: event.id,
      attributes: {
        delivered,
        timestamp: timestamp(at),
        milliseconds: ms,
        statusCode,
        body: answer,
        errorMessage: error,
      },
    };
  };
}
