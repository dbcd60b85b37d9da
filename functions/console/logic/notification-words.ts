import type { Schemas } from "../openapi.ts";
import type { Tone } from "./audit-words.ts";

type Status = Schemas["Notification"]["attributes"]["status"];

const statuses: Readonly<Record<Status, { words: string; tone: Tone }>> = {
  pending: { words: "Waiting for its next attempt", tone: "info" },
  delivered: { words: "Delivered", tone: "good" },
  delivery_failed: { words: "Failed, no attempt left", tone: "bad" },
  held: { words: "Held: webhook is disabled", tone: "warn" },
};

/** The status of a notification in words. */
export function notificationStatusOf(status: Status): { words: string; tone: Tone } {
  return statuses[status] ?? { words: status, tone: "neutral" };
}
