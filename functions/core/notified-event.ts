import { eventKey } from "./change-audit.ts";
import type { Delivery } from "./delivery.ts";
import type { Notification } from "./notification.ts";
import type { AuditStore } from "./ports.ts";

/** The event that a notification is about: its id and the bytes that every attempt sends. */
export function notifiedEvent(audits: Pick<AuditStore, "get">) {
  return async (notification: Notification): Promise<{ id: string; body: string } | undefined> => {
    if (notification.event !== undefined) return notification.event;
    const audit = await audits.get(notification);
    return audit?.events[eventKey(notification.sequence)];
  };
}

/** The message that asks for the next attempt at a notification that is on record. */
export function recordedDelivery(notification: Notification, event: { id: string; body: string }): Delivery {
  const { organizationId, auditId, sequence, subscriptionId, attemptCount, attempts, eventName } = notification;
  const key = { organizationId, auditId, sequence, subscriptionId };
  const interrupted = attempts.at(-1)?.error === "interrupted" ? ({ interrupted: true } as const) : {};
  return { ...key, attemptCount, recorded: true, ...interrupted, eventId: event.id, eventName, body: event.body };
}
