import type * as z from "zod";
import { asciiJson } from "../../core/events/ascii-json.ts";
import { type EventName, type TestEventBody, timestamp } from "../../core/events/events.ts";
import { exampleEvent } from "../../core/events/example-event.ts";
import { statusEvents } from "../../core/events/kard-audit-update.ts";
import type { EventSender } from "../../core/notifications/ports.ts";
import type { Clock } from "../../core/shared/ports.ts";
import type { Subscription } from "../../core/subscriptions/subscription.ts";
import type { testShape } from "./subscription-shapes.ts";

const kardEvents: readonly EventName[] = statusEvents;

export interface SendTestDeps {
  sender: Pick<EventSender, "send">;
  clock: Clock;
  randomUuid: () => string;
}

/** The result of a test, or `unfit`: Kard's format does not have this event. */
type TestOutcome = { outcome: "sent"; test: z.infer<typeof testShape> } | { outcome: "unfit" };

/**
 * Sends a signed test event to a subscription's endpoint, even if it is disabled, and returns the result. Nothing is
 * recorded.
 *
 * @param eventName sends an example of this event, also if the subscription is not for it; by default a ping
 */
export function sendTest(deps: SendTestDeps) {
  return async (subscription: Subscription, eventName: EventName | undefined): Promise<TestOutcome> => {
    const { organizationId, subscriptionId, format } = subscription;
    if (format === "kard" && eventName !== undefined && !kardEvents.includes(eventName)) return { outcome: "unfit" };
    const id = `evt_${deps.randomUuid().replaceAll("-", "")}`;
    const now = deps.clock();
    const ping: TestEventBody = {
      id,
      type: "subscription.test",
      timestamp: timestamp(now),
      data: { type: "subscription", id: subscriptionId, attributes: { organizationId } },
    };
    const event = eventName === undefined ? ping : exampleEvent(eventName, { id, organizationId, now });
    const outgoing = { id, type: event.type, subjectId: subscriptionId, at: now, body: asciiJson(event) };
    const { attempt, delivered, response } = await deps.sender.send(subscription, outgoing);
    const { at, ms, statusCode, error } = attempt;
    const test = {
      type: "test",
      id,
      attributes: {
        delivered,
        timestamp: timestamp(at),
        milliseconds: ms,
        statusCode,
        body: response,
        errorMessage: error,
      },
    } as const;
    return { outcome: "sent", test };
  };
}
