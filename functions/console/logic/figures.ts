import { meaningOf } from "../../core/kard/resolution-meanings.ts";
import type { Schemas } from "../openapi.ts";

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
    share === undefined ? "none ended" : `${Math.floor(share * 1_000) / 10} % delivered`,
    failed === 0 ? "" : `${failed} failed`,
    waiting === 0 ? "" : `${waiting} waiting`,
  ];
  return { share, words: words.filter((part) => part !== "").join(", ") };
}
