import { expect, test } from "@jest/globals";
import { auditOf } from "../../../functions/adapters/dynamodb/audit-row.ts";
import { pollTimes } from "../../../functions/core/tracking/poll-plan.ts";
import { deployedPlan } from "../../../infra/config/stage-defaults.ts";
import { noon } from "../../support/fake-clock.ts";
import { rowsOfStoredAudit } from "./stored-audit.ts";

const hour = 3_600_000;
const stored = Array.from({ length: 2_000 }, (_, number) => rowsOfStoredAudit("org", number, noon)).map(
  ([row = {}]) => ({ row, audit: auditOf(row) }),
);

test("the product reads the stored audits, and one of ten is open", () => {
  const open = stored.filter(({ audit }) => audit.status === "NEW");

  expect(open).toHaveLength(200);
  expect(open.every(({ row }) => row.lane !== undefined)).toBe(true);
  expect(stored.filter(({ audit }) => audit.status === "CLOSED")).toHaveLength(1_800);
  expect(stored.filter(({ row }) => row.outbox !== undefined)).toEqual([]);
});

test("no open audit is due within hours, and none is overdue", () => {
  const open = stored.filter(({ audit }) => audit.status === "NEW").map(({ audit }) => audit);
  const next = open.map(({ acceptedAt = 0 }) => pollTimes(deployedPlan, acceptedAt, noon).next - noon);

  expect(Math.min(...next)).toBeGreaterThan(5 * hour);
  expect(Math.min(...open.map(({ dueAt = 0 }) => dueAt))).toBeGreaterThan(noon);
});

test("no audit was created or settled in the future", () => {
  expect(Math.max(...stored.map(({ audit }) => audit.settledAt ?? audit.createdAt))).toBeLessThanOrEqual(noon);
});
