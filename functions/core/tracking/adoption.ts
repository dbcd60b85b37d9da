import { z } from "zod";
import type { AuditKey } from "../audits/audit.ts";
import { submitWaitMs } from "../audits/submit-backoff.ts";
import type { StatusOutcome } from "../kard/ports.ts";

/**
 * An adoption that Kard could not be asked about yet. It waits in lane SUBMIT until Kard has answered. Times are epoch
 * milliseconds.
 */
export const adoption = z.object({
  organizationId: z.string(),
  /** Kard's id of the audit. */
  kardAuditId: z.string(),
  /** The user whose audit it is to be. */
  userId: z.string(),
  /** Tries that have brought no answer. */
  attempts: z.number(),
  createdAt: z.number(),
  /** The next try. */
  laneAt: z.number(),
});

export type Adoption = z.infer<typeof adoption>;

/** All that is needed to name an adoption in the table. */
export type AdoptionKey = Pick<Adoption, "organizationId" | "kardAuditId">;

/** An adoption in its lane, and its next try. */
export interface AdoptionRow extends AdoptionKey {
  laneAt: number;
}

/** Tells the adoptions of a lane from its audits. */
export function isAdoption(row: AuditKey | AdoptionRow): row is AdoptionRow {
  return !("auditId" in row);
}

/**
 * When an adoption is tried again after a try that has brought no answer: with the backoff of submissions.
 *
 * @param attempts tries made so far, that one included
 * @param answer what Kard said, if it was asked
 * @param random from 0 to 1
 */
export function nextTry(
  attempts: number,
  answer: StatusOutcome | undefined,
  now: number,
  random: number,
): Pick<Adoption, "attempts" | "laneAt"> {
  const retryAfterMs = answer?.outcome === "throttled" ? answer.retryAfterMs : undefined;
  return { attempts, laneAt: now + submitWaitMs(attempts, random, retryAfterMs) };
}

const day = 24 * 60 * 60_000;

/** From when on an adoption is given up if another try fails, in epoch milliseconds. */
export function givenUpAt({ createdAt }: Adoption): number {
  return createdAt + 7 * day;
}

/**
 * When the table forgets an adoption whatever has come of it, in epoch seconds: long after it would have been given up,
 * so that it goes unnoticed only where no poller has reached Kard for months.
 */
export function adoptionExpiry({ createdAt }: Adoption): number {
  return Math.ceil((createdAt + 90 * day) / 1_000);
}
