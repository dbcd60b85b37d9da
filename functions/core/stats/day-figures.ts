import * as z from "zod";
import { addTime, durations } from "./durations.ts";
import { boundedMerchants, merchantKey } from "./merchants.ts";

/** Sums of cents by currency; `XXX` (ISO 4217: no currency) for amounts without one. */
export const amounts = z.record(z.string(), z.number());
export type Amounts = z.infer<typeof amounts>;

const counts = z.record(z.string(), z.number());

/** The figures of an issuer's day (UTC), up to the times to which its audits have been counted. */
export const dayFigures = z.object({
  /** Audits created before this time, in epoch milliseconds, are counted. It never decreases. */
  filedThrough: z.number(),
  settledThrough: z.number(),
  /** The number of times that the figures have been stored. */
  revision: z.number(),
  filed: z.number(),
  filedAmounts: amounts,
  closed: z.number(),
  rejected: z.number(),
  closedAmounts: amounts,
  /** Closed audits by Kard's resolution code; `none` without a code. */
  resolutionCodes: counts,
  /** From creation to resolution, by audit code and by the key of the merchant (`merchantKey`). */
  auditCodes: z.record(z.string(), durations),
  merchants: z.record(z.string(), durations),
});

export type DayFigures = z.infer<typeof dayFigures>;

export interface Amount {
  amountInCents?: number | undefined;
  currency?: string | undefined;
}

/** The creation of an audit, as the figures count it. */
export interface FiledAudit extends Amount {
  at: number;
}

/** The settlement of an audit, as the figures count it. */
export interface SettledAudit extends Amount {
  at: number;
  createdAt: number;
  status: string;
  auditCode: number;
  merchantName: string;
  resolutionCode?: number | undefined;
}

export const dayMs = 24 * 60 * 60_000;

/** The figures of a day of which nothing is counted yet. */
export function emptyDay(startsAt: number): DayFigures {
  return {
    ...{ filedThrough: startsAt, settledThrough: startsAt, revision: 0 },
    ...{ filed: 0, filedAmounts: {}, closed: 0, rejected: 0, closedAmounts: {} },
    ...{ resolutionCodes: {}, auditCodes: {}, merchants: {} },
  };
}

/** Counts audits that were created before `through`, and not before `filedThrough`. */
export function countFiled(day: DayFigures, audits: readonly FiledAudit[], through: number): DayFigures {
  const filedAmounts = { ...day.filedAmounts };
  for (const audit of audits) addAmount(filedAmounts, audit);
  return { ...day, filed: day.filed + audits.length, filedAmounts, filedThrough: Math.max(day.filedThrough, through) };
}

/** An audit that settled sooner counts as closed before its adoption: the index rows do not show adoptions. */
const adoptedClosedMs = 1_000;

/** Counts audits that were settled before `through`, and not before `settledThrough`. */
export function countSettled(day: DayFigures, audits: readonly SettledAudit[], through: number): DayFigures {
  const next = structuredClone(day);
  for (const audit of audits) {
    if (audit.status !== "CLOSED") {
      next.rejected++;
      continue;
    }
    next.closed++;
    addAmount(next.closedAmounts, audit);
    increment(next.resolutionCodes, String(audit.resolutionCode ?? "none"));
    const took = audit.at - audit.createdAt;
    if (took < adoptedClosedMs) continue;
    addTime(next.auditCodes, String(audit.auditCode), took);
    addTime(next.merchants, merchantKey(audit.merchantName), took);
  }
  next.merchants = boundedMerchants(next.merchants, day.merchants);
  return { ...next, settledThrough: Math.max(day.settledThrough, through) };
}

/** ISO 4217's code for "no currency". */
const noCurrency = "XXX";

/** Adds an amount. A sum stays a safe integer, because the DynamoDB client refuses to write larger numbers. */
export function addAmount(sums: Amounts, { amountInCents, currency = noCurrency }: Amount): void {
  if (amountInCents === undefined) return;
  increment(sums, currency, amountInCents);
  sums[currency] = Math.min(Math.max(sums[currency] ?? 0, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

export function increment(sums: Record<string, number>, name: string, by = 1): void {
  sums[name] = (Object.hasOwn(sums, name) ? (sums[name] ?? 0) : 0) + by;
}
