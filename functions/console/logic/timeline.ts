import type { Schemas } from "../openapi.ts";
import type { Tone } from "./audit-words.ts";
import { duration } from "./format.ts";

type Moment = Schemas["AuditDetails"]["attributes"]["timeline"][number];

export interface Step {
  at: number;
  title: string;
  detail: string;
  tone: Tone;
  /** Milliseconds since the step before; `undefined` for the first. */
  since: number | undefined;
}

const words: Readonly<Record<Exclude<Moment["what"], "published" | "delivery">, { title: string; tone: Tone }>> = {
  accepted: { title: "Received by the tracker", tone: "neutral" },
  sent: { title: "Accepted by Kard", tone: "info" },
  in_progress: { title: "Kard started to work on it", tone: "info" },
  due_soon: { title: "Due soon", tone: "warn" },
  overdue: { title: "Overdue", tone: "bad" },
  rejected: { title: "Refused by Kard", tone: "bad" },
  closed: { title: "Closed by Kard", tone: "good" },
  fulfilled: { title: "Kard did what it promised", tone: "good" },
  unfulfilled: { title: "Kard did not do what it promised", tone: "bad" },
};

/**
 * The steps of an audit from the request to the last delivery, with the time between them.
 *
 * @param nameOf the name of a subscription
 */
export function stepsOf(moments: readonly Moment[], nameOf: (subscriptionId: string) => string): Step[] {
  return moments.map((moment, index) => {
    const at = Date.parse(moment.at);
    const before = moments[index - 1];
    return { at, ...describe(moment, nameOf), since: before === undefined ? undefined : at - Date.parse(before.at) };
  });
}

function describe(moment: Moment, nameOf: (subscriptionId: string) => string): Omit<Step, "at" | "since"> {
  const { what, event = "", error, subscriptionId = "", statusCode, milliseconds } = moment;
  if (what === "published") {
    if (error !== undefined)
      return { title: `Not published: ${event}`, detail: `The queue refused it: ${error}`, tone: "bad" };
    return { title: `Published: ${event}`, detail: "", tone: "neutral" };
  }
  if (what !== "delivery") return { ...(words[what] ?? { title: what, tone: "neutral" }), detail: "" };
  const isDelivered = statusCode !== undefined && statusCode >= 200 && statusCode < 300;
  return {
    title: isDelivered ? `Delivered to ${nameOf(subscriptionId)}` : `Delivery to ${nameOf(subscriptionId)} failed`,
    detail: [
      statusCode === undefined ? "" : `answered ${statusCode}`,
      error ?? "",
      milliseconds === undefined ? "" : duration(milliseconds),
    ]
      .filter((part) => part !== "")
      .join(", "),
    tone: isDelivered ? "good" : "bad",
  };
}
