import * as z from "zod";
import { fulfilment } from "../core/kard/rewards.ts";
import { timestampShape } from "../core/shared/response-shapes.ts";

const amounts = z
  .record(z.string(), z.number())
  .describe("Sums in cents by currency; XXX for amounts without a currency.");
const counts = z.record(z.string(), z.int());

const times = z.object({
  count: z.int(),
  medianMs: z.int().describe("Half took no longer, within 5 %."),
  p90Ms: z.int().describe("Nine of ten took no longer, within 5 %."),
});
const timesByName = z.record(z.string(), times);

const openAsOf = timestampShape.describe(
  "When open audits were counted: some minutes before the other figures if there are many.",
);

/** An issuer's figures. */
export const statsShape = z.object({
  type: z.literal("stats"),
  id: z.string().describe("The issuer."),
  attributes: z.object({
    open: z.object({
      byAge: z.record(z.string(), counts).describe("Open audits, by days since their creation, then by status."),
      amounts: amounts.describe("What open audits are about: sums in cents by currency."),
      asOf: openAsOf,
      isComplete: z.boolean().describe("Whether all open audits are counted."),
    }),
    polling: z.object({
      oldestDueAt: timestampShape
        .optional()
        .describe("When the oldest due poll of an open audit fell due. Absent if none is due. A minute ago is normal."),
      asOf: openAsOf,
      isComplete: z.boolean().describe("Whether all open audits are considered."),
    }),
    days: z.array(
      z.object({
        day: z.iso.date(),
        filed: z.int(),
        closed: z.int(),
        rejected: z.int(),
        filedAmounts: amounts,
        closedAmounts: amounts,
        isComplete: z.boolean().describe("Whether all of the day up to now is counted."),
      }),
    ),
    resolutionCodes: counts.describe("Closed audits of the period by Kard's resolution code, or `none`."),
    timeToResolution: z.object({
      byAuditCode: timesByName,
      byMerchant: timesByName.describe("The 200 with the most resolutions."),
    }),
    deliveries: z.object({
      bySubscription: z.record(z.string(), counts).describe("Notifications of the last 7 days by status."),
      isComplete: z.boolean(),
    }),
    fulfilments: z
      .object({
        byState: z
          .partialRecord(fulfilment, z.int())
          .describe("Audits that were closed in the period with a promise of Kard, by whether it was kept."),
        isComplete: z.boolean(),
      })
      .optional()
      .describe("Absent if follow-ups are turned off."),
    asOf: timestampShape.describe("When the figures were read."),
  }),
});

export const statsResponse = z.object({ data: statsShape });
