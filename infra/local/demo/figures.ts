import * as z from "zod";

const counts = z.record(z.string(), z.number());

/** What the demo shows of an issuer's figures. */
export const figures = z
  .object({
    data: z.object({
      attributes: z.object({
        open: z.object({ amounts: counts }),
        days: z.array(z.object({ filed: z.number(), closed: z.number(), closedAmounts: counts })),
        resolutionCodes: counts,
        timeToResolution: z.object({
          byAuditCode: z.record(z.string(), z.object({ count: z.number(), medianMs: z.number(), p90Ms: z.number() })),
        }),
      }),
    }),
  })
  .transform(({ data }) => data.attributes);

export type Figures = z.output<typeof figures>;

/** The figures as a block of lines. */
export function describeFigures({ open, days, resolutionCodes, timeToResolution }: Figures): string {
  const sum = (name: "filed" | "closed") => days.reduce((total, day) => total + day[name], 0);
  const resolved = days.reduce((total, { closedAmounts }) => total + (closedAmounts.USD ?? 0), 0);
  const dollars = (cents: number) => `$${(cents / 100).toFixed(2)}`;
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  return [
    "\nFigures",
    `  filed ${sum("filed")}, closed ${sum("closed")}; resolved ${dollars(resolved)}, at stake ${dollars(open.amounts.USD ?? 0)}`,
    `  resolutions by code: ${Object.entries(resolutionCodes)
      .map(([code, count]) => `${code} × ${count}`)
      .join(", ")}`,
    ...Object.entries(timeToResolution.byAuditCode).map(
      ([code, { medianMs, p90Ms }]) =>
        `  time to resolution of ${code}: median ${seconds(medianMs)}, 90 % in ${seconds(p90Ms)}`,
    ),
    "",
  ].join("\n");
}
