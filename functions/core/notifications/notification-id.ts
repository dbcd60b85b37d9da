import * as z from "zod";
import { identifier } from "../shared/text.ts";
import type { NotificationKey } from "./notification.ts";

const prefix = "ntf_";
const parts = z.tuple([identifier, z.int().positive(), identifier]);

/** Encodes a notification's event and subscription as its id. */
export function notificationId({ auditId, sequence, subscriptionId }: Omit<NotificationKey, "organizationId">): string {
  return prefix + Buffer.from(JSON.stringify([auditId, sequence, subscriptionId])).toString("base64url");
}

/** Decodes a notification id; `undefined` if it is malformed. */
export function notificationKeyOf(organizationId: string, id: string): NotificationKey | undefined {
  if (!id.startsWith(prefix)) return undefined;
  const text = Buffer.from(id.slice(prefix.length), "base64url").toString("utf8");
  try {
    const [auditId, sequence, subscriptionId] = parts.parse(JSON.parse(text));
    const key = { organizationId, auditId, sequence, subscriptionId };
    return notificationId(key) === id ? key : undefined;
  } catch {
    return undefined;
  }
}
