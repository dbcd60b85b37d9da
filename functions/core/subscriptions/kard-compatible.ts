import { z } from "zod";
import { type EventName, eventName } from "../events/events.ts";
import { statusEvents } from "../events/kard-audit-update.ts";
import type { Subscription } from "./subscription.ts";

/** Kard's own event: a subscription to it is sent Kard's payloads, signed as Kard signs. */
export const kardEvent = "auditUpdate";

/** What one subscription may be for by Kard's field `eventName`. */
export const subscribableEvent = z.enum([...eventName.options, kardEvent]);
export type SubscribableEvent = z.infer<typeof subscribableEvent>;

/** What is stored of the event that Kard's field names. */
export function eventsOf(name: SubscribableEvent): { eventNames: EventName[]; format?: "kard" } {
  return name === kardEvent ? { eventNames: [...statusEvents], format: "kard" } : { eventNames: [name] };
}

/** What a subscription is for, in Kard's field: the first event of one that has several. */
export function kardEventNameOf({ format, eventNames }: Subscription): SubscribableEvent {
  return format === "kard" ? kardEvent : (eventNames[0] ?? "audit.closed");
}

/** Whether a subscription is for an event by one of its names. */
export function isFor({ format, eventNames }: Subscription, name: SubscribableEvent): boolean {
  return name === kardEvent ? format === "kard" : format === undefined && eventNames.includes(name);
}

/** A webhook key as Kard's: the HMAC key is this text itself, not what it encodes. */
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
