import type { Command } from "commander";
import type { z } from "zod";
import type { listAuditsQuery } from "../functions/audits-api/list-input.ts";
import { Failure } from "./failure.ts";
import { age, time } from "./option-values.ts";
import { queryOf } from "./routes.ts";

/** Which audits a command is about, by the names of its options. */
export interface AuditFilters {
  status?: string | undefined;
  user?: string | undefined;
  transaction?: string | undefined;
  after?: string | undefined;
  before?: string | undefined;
  /** In milliseconds. */
  olderThan?: number | undefined;
}

/** Adds the options that choose audits. */
export function addAuditFilters(command: Command): Command {
  return command
    .option("--status <status>", "SUBMITTING, NEW, IN_PROGRESS, CLOSED or REJECTED; OPEN for the first three")
    .option("--user <id>", "only audits of this user")
    .option("--transaction <id>", "only audits of this transaction")
    .option("--after <time>", "created at this time or later", time)
    .option("--before <time>", "created before this time", time)
    .option("--older-than <age>", "filed longer ago, such as 30d, 12h or 90m", age);
}

/** The statuses that an option names; `undefined` for all. */
export function statusesOf({ status }: AuditFilters): string[] | undefined {
  return status === "OPEN" ? ["SUBMITTING", "NEW", "IN_PROGRESS"] : status?.split(",");
}

/**
 * The query of the list of audits.
 *
 * @throws Failure (usage) for two options that say the same
 */
export function auditQuery(filters: AuditFilters, status: string | undefined, pageSize: number, now: number): string {
  const { user, transaction, after, before, olderThan } = filters;
  if (before !== undefined && olderThan !== undefined) throw new Failure("usage", "give --before or --older-than");
  const filedBefore = olderThan === undefined ? before : new Date(now - olderThan).toISOString();
  return queryOf<z.input<typeof listAuditsQuery>>({
    "filter[status]": status,
    "filter[userId]": user,
    "filter[transactionId]": transaction,
    "filter[after]": after,
    "filter[before]": filedBefore,
    "page[size]": pageSize,
  });
}
