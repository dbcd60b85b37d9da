import * as z from "zod";
import type { AuditKey } from "../audits/audit.ts";
import { submitWaitMs } from "../audits/submit-backoff.ts";
import type { StatusOutcome } from "../kard/ports.ts";

/**
 * A pending adoption: Kard could not be read yet. It waits in lane SUBMIT for Kard's response. Times are epoch
 * milliseconds.
 */
export const adoption = z.object({
  organizationId: z.string(),
  kardAuditId: z.string(),
  /** The user of the audit. */
  userId: z.string(),
  /** The number of tries without a response. */
  attempts: z.number(),
  createdAt: z.number(),
  /** The time of the next try. */
  laneAt: z.number(),
});

export type Adoption = z.infer<typeof adoption>;

/** Identifies an adoption in the table. */
export type AdoptionKey = Pick<Adoption, "organizationId" | "kardAuditId">;

/** An adoption in its lane, and the time of its next try. */
export interface AdoptionRow extends AdoptionKey {
  laneAt: number;
}

/** Whether a row of a lane is an adoption, not an audit. */
export function isAdoption(row: AuditKey | AdoptionRow): row is AdoptionRow {
  return !("auditId" in row);
}

/**
 * When an adoption is retried after a try without a response. It uses the backoff of submissions.
 *
 * @param attempts tries so far, including the last one
 * @param response Kard's response, if there was one
 * @param random from 0 to 1
 */
export function nextTry(
  attempts: number,
  response: StatusOutcome | undefined,
  now: number,
  random: number,
): Pick<Adoption, "attempts" | "laneAt"> {
  const retryAfterMs = response?.outcome === "throttled" ? response.retryAfterMs : undefined;
  return { attempts, laneAt: now + submitWaitMs(attempts, random, retryAfterMs) };
}

const day = 24 * 60 * 60_000;

/** The time after which the next failed try ends the adoption, in epoch milliseconds. */
export function givenUpAt({ createdAt }: Adoption): number {
  return createdAt + 7 * day;
}

/**
 * The TTL of an adoption, in epoch seconds. It is long after the last try, so an adoption is lost only if no poller
 * reaches Kard for months.
 */
export function adoptionExpiry({ createdAt }: Adoption): number {
  return Math.ceil((createdAt + 90 * day) / 1_000);
}
