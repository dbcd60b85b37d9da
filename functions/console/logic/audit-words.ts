import type { Schemas } from "../openapi.ts";
import { noCurrency } from "./format.ts";

export type Audit = Schemas["Audit"];
export type AuditDetails = Schemas["AuditDetails"];
export type Tone = "neutral" | "info" | "good" | "warn" | "bad";

/** Kard's codes of claims (Kard's reference, "Create Audits"). Kard may add codes. */
export const claims: Readonly<Record<number, string>> = {
  3005: "Incorrect cashback",
  3006: "Missing cashback",
  8001: "Other claim",
};

export function claimOf(code: number): string {
  return claims[code] ?? `Claim ${code}`;
}

const outcomes: Readonly<Record<string, { words: string; tone: Tone }>> = {
  favourable: { words: "Resolved", tone: "good" },
  declined: { words: "Declined", tone: "neutral" },
  no_change: { words: "No change needed", tone: "neutral" },
  pending_adjustment: { words: "Adjustment promised", tone: "info" },
  unknown: { words: "Closed, see code", tone: "warn" },
};

/** The status of an audit in words. */
export function statusOf({ attributes }: Audit): { words: string; tone: Tone } {
  const { status, submission, outcome, overdueAt, kardStatus, fulfilment } = attributes;
  switch (status) {
    case "SUBMITTING":
      if (submission === "unconfirmed") return { words: "Not confirmed", tone: "warn" };
      return { words: "Not sent yet", tone: "info" };
    case "NEW":
      return overdueAt === undefined
        ? { words: kardStatus ?? "Filed at Kard", tone: "info" }
        : { words: "Overdue", tone: "bad" };
    case "IN_PROGRESS":
      return overdueAt === undefined
        ? { words: kardStatus ?? "In progress", tone: "info" }
        : { words: "Overdue", tone: "bad" };
    case "CLOSED":
      if (fulfilment === "fulfilled") return { words: "Promise kept", tone: "good" };
      if (fulfilment === "unfulfilled") return { words: "Promise not kept", tone: "bad" };
      return outcomes[outcome ?? "unknown"] ?? { words: "Closed", tone: "warn" };
    case "REJECTED":
      return { words: "Refused by Kard", tone: "bad" };
  }
}

/** Who acts next on an audit, and how. */
export function nextActorOf({ attributes }: Audit): string {
  const { status, submission, nextActor, overdueAt, fulfilment } = attributes;
  if (status === "SUBMITTING") return submission === "unconfirmed" ? "You check with Kard" : "The tracker sends it";
  if (status === "REJECTED") return "You correct and refile it";
  if (status === "CLOSED") {
    if (fulfilment === "fulfilled") return "None";
    if (fulfilment === "unfulfilled") return "You ask Kard";
    if (nextActor === "kard") return "Kard makes the change";
    return nextActor === "issuer" ? "You follow up" : "None";
  }
  return overdueAt === undefined ? "Kard decides" : "You remind Kard";
}

export const isOpen = ({ attributes: { status } }: Audit): boolean => status !== "CLOSED" && status !== "REJECTED";

/** How long an audit was or has been open, in milliseconds. */
export function ageOf({ attributes: { createdAt, settledAt } }: Audit, now: number): number {
  return Math.max(0, (settledAt === undefined ? now : Date.parse(settledAt)) - Date.parse(createdAt));
}

/**
 * The age of an audit as a share of the time from its creation until it is due, or of 90 days if it has no due time.
 */
export function usedTime(audit: Audit, now: number): number {
  const { createdAt, dueAt } = audit.attributes;
  const whole = dueAt === undefined ? 90 * 86_400_000 : Date.parse(dueAt) - Date.parse(createdAt);
  return Math.min(1, ageOf(audit, now) / Math.max(1, whole));
}

/** The sums of the audits' amounts in cents, by currency. */
export function amountsOf(audits: Iterable<Audit>): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { attributes } of audits) {
    const { transactionAmountInCents: cents, currency = noCurrency } = attributes;
    if (cents !== undefined) sums[currency] = (sums[currency] ?? 0) + cents;
  }
  return sums;
}
