import { escapeControls } from "../../../functions/core/shared/text.ts";
import type { Dispute } from "./disputes.ts";

/** The progress of one dispute. Times are epoch milliseconds. */
export interface Journey {
  dispute: Dispute;
  auditId?: string;
  /** Why the dispute was not accepted. */
  refusal?: string;
  startedAt?: number;
  closedByKardAt?: number;
  /** Kard's resolution code and description. */
  resolution?: string;
  queueAt?: number;
  webhookAt?: number;
}

/** Whether a dispute was resolved, published and delivered. */
export function isComplete({ closedByKardAt, queueAt, webhookAt }: Journey): boolean {
  return closedByKardAt !== undefined && queueAt !== undefined && webhookAt !== undefined;
}

/** Describes what an incomplete dispute is missing. */
export function describeMissing({ auditId, refusal, closedByKardAt, queueAt, webhookAt }: Journey): string {
  if (refusal !== undefined) return `was not accepted: ${refusal}`;
  if (auditId === undefined) return "was not accepted";
  if (closedByKardAt === undefined) return "was not closed by Kard";
  const missing = [queueAt === undefined ? "the queue" : "", webhookAt === undefined ? "the webhook" : ""];
  return `did not reach ${missing.filter((place) => place !== "").join(" or ")}`;
}

/** A row of the final table. */
export function rowOf({ dispute, resolution = "", closedByKardAt = 0, queueAt, webhookAt }: Journey): string[] {
  return [
    dispute.transactionId,
    dispute.merchantName,
    resolution,
    queueAt === undefined ? "missing" : `${queueAt - closedByKardAt} ms`,
    webhookAt === undefined ? "missing" : `${webhookAt - closedByKardAt} ms`,
  ].map(escapeControls);
}

/** A percentile of the values. @param share 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
