import { eventKey } from "../audits/change-audit.ts";
import type { AuditStore } from "../audits/ports.ts";
import type { Notification } from "./notification.ts";

/** Reads the event of a notification: its id and the bytes that every attempt sends. */
export function eventOfNotification(audits: Pick<AuditStore, "get">) {
  return async (notification: Notification): Promise<{ id: string; body: string } | undefined> => {
    if (notification.event !== undefined) return notification.event;
    const audit = await audits.get(notification);
    return audit?.events[eventKey(notification.sequence)];
  };
}
