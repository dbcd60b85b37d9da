import type { z } from "zod";
import type { statsQuery } from "../../functions/audits-api/stats-input.ts";
import { type shownStats, statsAnswer } from "../../functions/audits-api/stats-shapes.ts";
import type { Api } from "./api.ts";
import { callOf, queryOf } from "./routes.ts";

export type Stats = z.output<typeof shownStats>["attributes"];

/** The figures of an issuer. */
export async function readStats(
  api: Api,
  { after, before }: { after?: string | undefined; before?: string | undefined },
): Promise<Stats> {
  const query = queryOf<z.input<typeof statsQuery>>({ "filter[after]": after, "filter[before]": before });
  return (await api.ask(statsAnswer, callOf(api, "GET /v2/issuers/{organizationId}/stats", {}, query))).data.attributes;
}

/** Formats the figures as readable lines. */
export function statsLines({ open, days, resolutionCodes, timeToResolution, deliveries, asOf }: Stats): string {
  const sum = (name: "filed" | "closed" | "rejected") => days.reduce((total, day) => total + day[name], 0);
  const byAge = Object.entries(open.byAge).map(([age, statuses]) => [`${age} days`, countsText(statuses)] as const);
  const times = Object.entries(timeToResolution.byAuditCode).map(
    ([code, { count, medianMs, p90Ms }]) =>
      [code, `${count}, median ${hours(medianMs)}, 90 % in ${hours(p90Ms)}`] as const,
  );
  return [
    ...section("Open audits", byAge),
    ...section("At stake", amountLines(open.amounts)),
    ...section(`Last ${days.length} days, as of ${asOf}`, [
      ["filed", String(sum("filed"))],
      ["closed", String(sum("closed"))],
      ["rejected", String(sum("rejected"))],
    ]),
    ...section(
      "Resolutions by code",
      Object.entries(resolutionCodes).map(([code, count]) => [code, String(count)]),
    ),
    ...section("Time to resolution by audit code", times),
    ...section(
      "Deliveries of 7 days by subscription",
      Object.entries(deliveries.bySubscription).map(([subscription, counts]) => [subscription, countsText(counts)]),
    ),
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

function amountLines(amounts: Readonly<Record<string, number>>): [string, string][] {
  return Object.entries(amounts).map(([currency, cents]) => [currency, (cents / 100).toFixed(2)]);
}

function hours(ms: number): string {
  return ms < 3_600_000 ? `${(ms / 60_000).toFixed(1)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}
