import { meaningOf } from "../../core/kard/resolution-meanings.ts";
import type { Schemas } from "../openapi.ts";
import type { Tone } from "./audit-words.ts";
import { duration } from "./format.ts";

export type Figures = Schemas["Stats"]["attributes"];

const ages: Readonly<Record<string, string>> = {
  "0-7": "Up to 7 days",
  "8-30": "8 to 30 days",
  "31-60": "31 to 60 days",
  "61-90": "61 to 90 days",
  "over-90": "Over 90 days",
};

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, each) => total + each, 0);

/** The open audits of each age. */
export function openByAge({ open }: Figures): { name: string; count: number }[] {
  return Object.entries(ages).map(([age, name]) => ({ name, count: sum(Object.values(open.byAge[age] ?? {})) }));
}

/** Filed, closed and rejected audits of the whole period. */
export function totalsOf({ days }: Figures): { filed: number; resolved: number } {
  return { filed: sum(days.map(({ filed }) => filed)), resolved: sum(days.map((day) => day.closed + day.rejected)) };
}

/** Closed audits by Kard's code, most frequent first, with the code's meaning. */
export function resolutions({ resolutionCodes }: Figures): { code: string; meaning: string; count: number }[] {
  return Object.entries(resolutionCodes)
    .map(([code, count]) => ({ code, meaning: meaningOf(code === "none" ? null : Number(code)).meaning, count }))
    .sort((a, b) => b.count - a.count);
}

/** A poller starts every minute, so a poll that fell due within two minutes is on time. */
const usualDelayMs = 2 * 60_000;

/** How late polling is: the delay of the oldest poll that is due and not made. */
export function pollingDelay({ polling: { oldestDueAt, asOf } }: Figures): { words: string; tone: Tone } {
  const delay = oldestDueAt === undefined ? 0 : Date.parse(asOf) - Date.parse(oldestDueAt);
  if (delay <= usualDelayMs) return { words: "On time", tone: "good" };
  return { words: `${duration(delay)} late`, tone: delay < 60 * 60_000 ? "warn" : "bad" };
}

export type DeliveryPeriod = DeliveryFigures["last7Days"];
export type DeliveryFigures = NonNullable<Schemas["Subscription"]["attributes"]["figures"]>;

/** The share of attempts that succeeded, as a percentage that is 100 only if all did. */
export function percent(share: number): string {
  return `${Math.floor(share * 1_000) / 10} %`;
}

/** The share of a subscription's notifications that were delivered, of those that have an outcome. */
export function deliverySuccess(counts: Readonly<Record<string, number>>): {
  share: number | undefined;
  words: string;
} {
  const { delivered = 0, delivery_failed: failed = 0, held = 0, pending = 0 } = counts;
  const ended = delivered + failed;
  const share = ended === 0 ? undefined : delivered / ended;
  const waiting = held + pending;
  const words = [
    share === undefined ? "" : `${percent(share)} delivered`,
    failed === 0 ? "" : `${failed} failed`,
    waiting === 0 ? "" : `${waiting} waiting`,
  ];
  return { share, words: words.filter((part) => part !== "").join(", ") || "nothing to deliver" };
}
