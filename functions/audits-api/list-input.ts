import * as z from "zod";
import { auditStatus, submission } from "../core/audits/audit.ts";
import { type AuditFilter, type AuditOrder, newestFirst } from "../core/audits/audit-filter.ts";
import { fulfilment } from "../core/kard/rewards.ts";
import { pageSize, queryTime, severalNames, severalNumbers } from "../core/shared/list-query.ts";
import { pageAfter } from "../core/shared/page-token.ts";
import { orSeveral, severalIdentifiers, severalLines } from "../core/shared/several-texts.ts";
import { maxReferenceLength } from "./annotations-input.ts";

const flag = z.enum(["true", "false"], "must be true or false").transform((text) => text === "true");

const orders: Record<string, AuditOrder> = {
  createdAt: { by: "createdAt", isAscending: true },
  "-createdAt": newestFirst,
  settledAt: { by: "settledAt", isAscending: true },
  "-settledAt": { by: "settledAt", isAscending: false },
};

/** The filters, order and paging of a list of audits. */
export const listAuditsQuery = z
  .strictObject({
    "filter[status]": severalNames(auditStatus.options).optional(),
    "filter[submission]": severalNames(submission.options).optional(),
    "filter[auditCode]": severalNumbers.describe("Kard's codes of what is claimed.").optional(),
    "filter[resolutionCode]": severalNumbers.describe("Kard's codes of how it was resolved.").optional(),
    "filter[fulfilment]": severalNames(fulfilment.options)
      .describe("Whether Kard has done what its resolution promised, where follow-ups are turned on.")
      .optional(),
    "filter[merchantName]": severalLines(256).describe(`The exact name${orSeveral}`).optional(),
    "filter[userId]": severalIdentifiers().describe(`The issuer's id${orSeveral}`).optional(),
    "filter[transactionId]": severalIdentifiers().describe(`The exact id${orSeveral}`).optional(),
    "filter[reference]": severalIdentifiers(maxReferenceLength)
      .describe(`The issuer's own id of the dispute${orSeveral}`)
      .optional(),
    "filter[kardAuditId]": severalIdentifiers().describe(`Kard's id of the audit${orSeveral}`).optional(),
    "filter[overdue]": flag.describe("Whether it has been open for longer than it should be.").optional(),
    "filter[dueBefore]": queryTime.describe("Due before this time.").optional(),
    "filter[after]": queryTime.describe("Filed at this time or later.").optional(),
    "filter[before]": queryTime.describe("Filed before this time.").optional(),
    "filter[settledAfter]": queryTime.describe("Closed or rejected at this time or later.").optional(),
    "filter[settledBefore]": queryTime.describe("Closed or rejected before this time.").optional(),
    sort: z
      .enum(
        ["createdAt", "-createdAt", "settledAt", "-settledAt"],
        "must be createdAt or settledAt, or - and one of them",
      )
      .describe(
        "By the time of filing or settlement; `-` means newest first. By settlement, the list has settled audits only. " +
          "-settledAt with a filter by settlement, and -createdAt otherwise, unless it is said here.",
      )
      .optional(),
    "page[size]": pageSize,
    "page[after]": pageAfter(),
  })
  .transform((query) => {
    const filter: AuditFilter = {
      statuses: query["filter[status]"],
      submissions: query["filter[submission]"],
      auditCodes: query["filter[auditCode]"],
      resolutionCodes: query["filter[resolutionCode]"],
      fulfilments: query["filter[fulfilment]"],
      merchantNames: query["filter[merchantName]"],
      userIds: query["filter[userId]"],
      transactionIds: query["filter[transactionId]"],
      references: query["filter[reference]"],
      kardAuditIds: query["filter[kardAuditId]"],
      isOverdue: query["filter[overdue]"],
      dueBefore: query["filter[dueBefore]"],
      since: query["filter[after]"],
      before: query["filter[before]"],
      settledSince: query["filter[settledAfter]"],
      settledBefore: query["filter[settledBefore]"],
    };
    const isBySettlement = filter.settledSince !== undefined || filter.settledBefore !== undefined;
    const order = orders[query.sort ?? (isBySettlement ? "-settledAt" : "-createdAt")] ?? newestFirst;
    return { filter, order, size: query["page[size]"], from: query["page[after]"] };
  });

export type AuditQuery = z.output<typeof listAuditsQuery>;
