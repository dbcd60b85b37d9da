import { expect, test } from "@jest/globals";
import { withAuditMetrics } from "../../../../functions/core/audits/audit-metrics.ts";
import { changeAudit } from "../../../../functions/core/audits/change-audit.ts";
import { memoryStores } from "../../../support/memory/stores.ts";
import { openAudit } from "../../../support/sample-audits.ts";

test("an audit is counted and logged once per stored status, and not for failed writes", async () => {
  const counted: string[] = [];
  const logged: string[] = [];
  const logger = { info: (_: string, { status }: { status: string }) => logged.push(status) };
  const audits = withAuditMetrics(memoryStores().audits, (metric) => counted.push(metric), logger);
  const audit = openAudit();
  await audits.create(audit);
  expect(counted).toEqual(["AuditsAccepted"]);
  await audits.create(audit);
  expect(counted).toHaveLength(1);
  const started = changeAudit(audit, "start", {}, 1_000);
  if (started === undefined) throw new Error("it cannot be started");
  expect(await audits.update(audit, started, ["status"])).toBe("done");
  expect(counted).toHaveLength(2);
  expect(await audits.update(audit, started, ["status"])).toBe("stale");
  expect(await audits.update(started, { ...started, laneAt: 5 }, ["status"])).toBe("done");
  expect(counted).toEqual(["AuditsAccepted", "AuditsStarted"]);
  expect(logged).toEqual(["NEW", "IN_PROGRESS"]);
});

test("an overdue audit is logged once, with its ids", async () => {
  const logged: unknown[] = [];
  const logger = { info: (message: string, fields: object) => logged.push({ message, ...fields }) };
  const audits = withAuditMetrics(memoryStores().audits, () => {}, logger);
  const audit = openAudit();
  await audits.create(audit);
  const overdue = changeAudit(audit, "overdue", {}, 1_000);
  if (overdue === undefined) throw new Error("it cannot become overdue");
  logged.length = 0;
  expect(await audits.update(audit, overdue, ["status", "sequence"])).toBe("done");
  expect(await audits.update(overdue, { ...overdue, laneAt: 5 }, ["status"])).toBe("done");
  const { organizationId, auditId, status } = audit;
  expect(logged).toEqual([{ message: "an audit is overdue", organizationId, auditId, status }]);
});
