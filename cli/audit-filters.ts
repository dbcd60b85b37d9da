import { type Command, Option } from "commander";
import type * as z from "zod";
import type { listAuditsQuery } from "../functions/audits-api/list-input.ts";
import { queryOf } from "./api/routes.ts";
import { Failure } from "./failure.ts";
import { age, time } from "./option-values.ts";

type Query = z.input<typeof listAuditsQuery>;
type Parameter = Exclude<keyof Query, `page[${string}]`>;

/** The statuses of open audits. */
export const openStatuses = "SUBMITTING,NEW,IN_PROGRESS";

/** How several texts are given. */
const several = "or several with commas; \\, is a comma in one";

/** The options for the parameters of the API's list. */
const options: Readonly<Record<Parameter, Option>> = {
  "filter[status]": new Option(
    "--status <names>",
    "SUBMITTING, NEW, IN_PROGRESS, CLOSED or REJECTED, or several with commas; OPEN for the first three",
  ).argParser((names) => (names === "OPEN" ? openStatuses : names)),
  "filter[submission]": new Option("--submission <names>", "unconfirmed, unsent or confirmed, or several with commas"),
  "filter[auditCode]": new Option("--audit-code <codes>", "Kard's audit code, or several with commas"),
  "filter[resolutionCode]": new Option("--resolution-code <codes>", "Kard's resolution code, or several with commas"),
  "filter[fulfilment]": new Option(
    "--fulfilment <names>",
    "whether Kard did what it promised: pending, fulfilled, unfulfilled or unknown, or several with commas",
  ),
  "filter[merchantName]": new Option("--merchant <names>", `the exact name of the merchant, ${several}`),
  "filter[userId]": new Option("--user <ids>", `only audits of this user, ${several}`),
  "filter[transactionId]": new Option("--transaction <ids>", `only audits of this transaction, ${several}`),
  "filter[reference]": new Option("--reference <ids>", `only audits with this reference, ${several}`),
  "filter[kardAuditId]": new Option("--kard-id <ids>", `only the audit with this id at Kard, ${several}`),
  "filter[overdue]": new Option("--overdue", "only overdue audits"),
  "filter[dueBefore]": new Option("--due-before <time>", "due before this time").argParser(time),
  "filter[after]": new Option("--after <time>", "created at this time or later").argParser(time),
  "filter[before]": new Option("--before <time>", "created before this time").argParser(time),
  "filter[settledAfter]": new Option("--settled-since <time>", "closed or rejected at this time or later").argParser(
    time,
  ),
  "filter[settledBefore]": new Option("--settled-before <time>", "closed or rejected before this time").argParser(time),
  sort: new Option("--sort <order>", "createdAt or settledAt; with - before it, newest first"),
};

/** The values of these options, by commander's names. */
export interface AuditFilters {
  [name: string]: unknown;
  before?: string;
  /** In milliseconds. */
  olderThan?: number;
}

/** Adds the options that choose audits. */
export function addAuditFilters(command: Command): Command {
  for (const option of Object.values(options)) command.addOption(option);
  return command.option("--older-than <age>", "created longer ago, such as 30d, 12h or 90m", age);
}

/**
 * The query of a list of audits.
 *
 * @throws Failure (usage) if both --before and --older-than are given
 */
export function auditQuery(filters: AuditFilters, pageSize: number, now: number): string {
  const { before, olderThan } = filters;
  if (before !== undefined && olderThan !== undefined) throw new Failure("usage", "give --before or --older-than");
  const given: AuditFilters =
    olderThan === undefined ? filters : { ...filters, before: new Date(now - olderThan).toISOString() };
  const parameters = Object.entries(options).map(([parameter, option]) => [parameter, given[option.attributeName()]]);
  return queryOf<Query>({ ...Object.fromEntries(parameters), "page[size]": pageSize });
}
