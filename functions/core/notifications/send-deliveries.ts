import type { Clock } from "../shared/ports.ts";
import type { Delivery } from "./delivery.ts";
import { givenUp, type Notification } from "./notification.ts";
import type { DeliveriesQueue, NotificationStore } from "./ports.ts";

export interface SendDeliveriesDeps {
  notifications: Pick<NotificationStore, "put">;
  deliveries: DeliveriesQueue;
  clock: Clock;
}

/** A notification to be sent, with its event. */
export interface DeliveryRequest {
  notification: Notification;
  event: { id: string; body: string };
  /** Whether this is its first message and its row is as publishing wrote it. */
  isFirst?: boolean;
}

/**
 * Sends the messages for the next attempts of stored notifications. A notification fails if SQS refuses its message
 * permanently.
 */
export function sendDeliveries(deps: SendDeliveriesDeps) {
  return async (requests: readonly DeliveryRequest[]): Promise<void> => {
    const refusals = requests.length === 0 ? [] : await deps.deliveries.send(requests.map(messageOf));
    for (const { position } of refusals) {
      const notification = requests[position]?.notification;
      if (notification === undefined) continue;
      await deps.notifications.put(givenUp(notification, deps.clock(), "queue-refused"), notification);
    }
  };
}

function messageOf({ notification, event, isFirst = false }: DeliveryRequest): Delivery {
  const { organizationId, auditId, sequence, subscriptionId, attemptCount, attempts, eventName, createdAt } =
    notification;
  const isInterrupted = attempts.at(-1)?.error === "interrupted";
  return {
    ...{ organizationId, auditId, sequence, subscriptionId, attemptCount },
    ...(isInterrupted ? { interrupted: true } : {}),
    ...(isFirst ? { createdAt } : {}),
    ...{ eventId: event.id, eventName, body: event.body },
  };
}
