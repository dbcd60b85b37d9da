import * as z from "zod";
import { type EventName, eventName } from "../events/events.ts";
import { statusEvents } from "../events/kard-audit-update.ts";
import type { Subscription } from "./subscription.ts";

/** Kard's own event. Its subscriptions get Kard's payloads and signature. */
export const kardEvent = "auditUpdate";

/** The events in Kard's field `eventName`. */
export const subscribableEvent = z.enum([...eventName.options, kardEvent]);
export type SubscribableEvent = z.infer<typeof subscribableEvent>;

/** The stored events for Kard's field `eventName`. */
export function eventsOf(name: SubscribableEvent): { eventNames: EventName[]; format?: "kard" } {
  return name === kardEvent ? { eventNames: [...statusEvents], format: "kard" } : { eventNames: [name] };
}

/** The value of Kard's field `eventName`: the first event of the subscription. */
export function kardEventNameOf({ format, eventNames }: Subscription): string {
  return format === "kard" ? kardEvent : (eventNames[0] ?? "audit.closed");
}

/** Whether a subscription has an event with one of these names. */
export function isFor({ format, eventNames }: Subscription, name: SubscribableEvent): boolean {
  return name === kardEvent ? format === "kard" : format === undefined && eventNames.includes(name);
}

/** A webhook key in Kard's format: the HMAC key is the text itself, not decoded. */
export const webhookKey = z
  .string("must be a string")
  .regex(/^[\x21-\x7e]{16,256}$/, "must be 16 to 256 visible ASCII characters")
  .describe(
    "Of `auditUpdate`: the key of `notify-signature`, for example the one that a receiver has for Kard already. One is " +
      "made where none is given.",
  );

const newKeyBytes = 32;

export function newWebhookKey(randomBytes: (count: number) => Uint8Array): string {
  return Buffer.from(randomBytes(newKeyBytes)).toString("base64url");
}
