import { expect, test } from "@jest/globals";
import { Command } from "commander";
import { type AuditFilters, addAuditFilters, auditQuery } from "../../cli/audit-filters.ts";
import { listAuditsQuery } from "../../functions/audits-api/list-input.ts";
import { noon } from "../support/fake-clock.ts";

/** The query of a command line, as the API reads it. */
function queryOf(...args: string[]) {
  let query = "";
  addAuditFilters(new Command("list").exitOverride().configureOutput({ writeErr: () => {} }))
    .action((filters: AuditFilters) => {
      query = auditQuery(filters, 50, noon);
    })
    .parse(args, { from: "user" });
  return listAuditsQuery.parse(Object.fromEntries(new URLSearchParams(query)));
}

test("every filter of the API has an option", () => {
  const time = "2026-03-14T12:00:00.000Z";
  const args = ["--status", "OPEN", "--submission", "unsent", "--audit-code", "3005,3006", "--resolution-code", "9001"];
  args.push(
    "--merchant",
    "Café Zoé,Coffee\\, Inc.",
    "--user",
    "u1",
    "--transaction",
    "t1",
    "--reference",
    "CASE-1",
    "--kard-id",
    "k1",
  );
  args.push("--overdue", "--due-before", time, "--after", time, "--before", time);
  args.push("--fulfilment", "fulfilled");
  args.push("--settled-since", time, "--settled-before", time, "--sort", "settledAt");
  const { filter, order, size } = queryOf(...args);
  expect(Object.values(filter)).not.toContain(undefined);
  expect(filter).toMatchObject({
    statuses: ["SUBMITTING", "NEW", "IN_PROGRESS"],
    auditCodes: [3005, 3006],
    merchantNames: ["Café Zoé", "Coffee, Inc."],
    references: ["CASE-1"],
    isOverdue: true,
    settledSince: noon,
  });
  expect(order).toEqual({ by: "settledAt", isAscending: true });
  expect(size).toBe(50);
});

test("an age selects audits that were created before it", () => {
  expect(queryOf("--older-than", "30d").filter).toMatchObject({ before: noon - 30 * 86_400_000 });
  expect(() => queryOf("--older-than", "30d", "--before", "2026-01-01")).toThrow("give --before or --older-than");
});

test("no options select all audits", () => {
  expect(Object.values(queryOf().filter).filter((value) => value !== undefined)).toEqual([]);
});
