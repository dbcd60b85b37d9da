import type * as z from "zod";
import type { statsQuery } from "../../functions/audits-api/stats-input.ts";
import { statsResponse, type statsShape } from "../../functions/audits-api/stats-shapes.ts";
import type { Api } from "./api.ts";
import { callOf, queryOf } from "./routes.ts";

export type Stats = z.output<typeof statsShape>["attributes"];

/** The figures of an issuer. */
export async function readStats(
  api: Api,
  { after, before }: { after?: string | undefined; before?: string | undefined },
): Promise<Stats> {
  const query = queryOf<z.input<typeof statsQuery>>({ "filter[after]": after, "filter[before]": before });
  return (await api.ask(statsResponse, callOf(api, "GET /v2/issuers/{organizationId}/stats", {}, query))).data
    .attributes;
}

/** Formats the figures as readable lines. */
export function statsLines({
  open,
  polling,
  days,
  resolutionCodes,
  timeToResolution,
  deliveries,
  fulfilments,
  asOf,
}: Stats): string {
  const sum = (name: "filed" | "closed" | "rejected") => days.reduce((total, day) => total + day[name], 0);
  const byAge = Object.entries(open.byAge).map(([age, statuses]) => [`${age} days`, countsText(statuses)] as const);
  const parts = [open, deliveries, ...days, ...(fulfilments === undefined ? [] : [fulfilments])];
  const isComplete = parts.every((part) => part.isComplete);
  return [
    ...section(`Open audits${open.asOf === asOf ? "" : `, as of ${open.asOf}`}`, byAge),
    ...section("At stake", amountLines(open.amounts)),
    ...section("Polling", [["oldest due poll", polling.oldestDueAt ?? "none, all polls are made"]]),
    ...section(`Last ${days.length} days, as of ${asOf}`, [
      ["filed", String(sum("filed"))],
      ["closed", String(sum("closed"))],
      ["rejected", String(sum("rejected"))],
    ]),
    ...section("Resolved", amountLines(sumOfAmounts(days.map(({ closedAmounts }) => closedAmounts)))),
    ...section(
      "Resolutions by code",
      Object.entries(resolutionCodes).map(([code, count]) => [code, String(count)]),
    ),
    ...(fulfilments === undefined
      ? []
      : section("Did Kard do what it promised?", [["closed audits", countsText(fulfilments.byState)]])),
    ...section("Time to resolution by audit code", timeLines(timeToResolution.byAuditCode)),
    ...section("Time to resolution by merchant", timeLines(timeToResolution.byMerchant)),
    ...section(
      "Deliveries of 7 days by subscription",
      Object.entries(deliveries.bySubscription).map(([subscription, counts]) => [subscription, countsText(counts)]),
    ),
    ...(isComplete ? [] : ["The figures are not complete; run again."]),
  ].join("\n");
}

function section(title: string, rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return [title, ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)];
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const all = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return all.length === 0 ? "0" : all.join(", ");
}

function sumOfAmounts(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [currency, cents] of all.flatMap(Object.entries<number>)) sums[currency] = (sums[currency] ?? 0) + cents;
  return sums;
}

function timeLines(times: Stats["timeToResolution"]["byAuditCode"]): [string, string][] {
  return Object.entries(times).map(([name, { count, medianMs, p90Ms }]) => [
    name,
    `${count}, median ${hours(medianMs)}, 90 % in ${hours(p90Ms)}`,
  ]);
}

function amountLines(amounts: Readonly<Record<string, number>>): [string, string][] {
  return Object.entries(amounts).map(([currency, cents]) => [currency, (cents / 100).toFixed(2)]);
}

function hours(ms: number): string {
  return ms < 3_600_000 ? `${(ms / 60_000).toFixed(1)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}
