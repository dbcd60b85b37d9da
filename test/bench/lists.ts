import { readStats } from "../../functions/audits-api/lists/read-stats.ts";
import type { AuditFilter, AuditOrder } from "../../functions/core/audits/audit-filter.ts";
import { changeAudit } from "../../functions/core/audits/change-audit.ts";
import type { PagePosition } from "../../functions/core/shared/ports.ts";
import { dayMs } from "../../functions/core/stats/day-figures.ts";
import { definition } from "../support/dynamodb/dynamo-table.ts";
import { clientOf, memoryTable } from "../support/dynamodb/memory-dynamodb.ts";
import { storesOf } from "../support/dynamodb/stores-of-table.ts";
import { noon } from "../support/fake-clock.ts";
import { aRequest, openAudit } from "../support/sample-audits.ts";
import { indexWriteUnits } from "../support/stack-instruments/capacity-units.ts";

const organizationId = "org";
const resolution = { resolutionCode: 5004, resolutionDescription: null, resolutionTimeStamp: null };
const bySettlement: AuditOrder = { by: "settledAt", isAscending: false };

/** The lists that are measured. */
const lists: Record<string, { filter: AuditFilter; order?: AuditOrder }> = {
  byStatus: { filter: { statuses: ["NEW"] } },
  byReference: { filter: { references: ["CASE-7"] } },
  bySettled: { filter: { settledSince: noon }, order: bySettlement },
  sparse: { filter: { merchantNames: ["Rare"] } },
};

/** Counts the reads of lists and figures over an issuer's audits, in a table in memory. */
async function measure(count: number) {
  const rows = memoryTable(definition);
  let reads = 0;
  const client = clientOf(async (command) => {
    if (/^(Query|GetItem|BatchGetItem)Command$/.test(command.constructor.name)) reads++;
    return rows.execute(command);
  });
  const stores = storesOf({ client, tableName: "table" });
  for (let n = 0; n < count; n++) {
    // The one with the rare merchant is the oldest, so it is found last.
    const request = { ...aRequest, merchantName: n === 0 ? "Rare" : aRequest.merchantName };
    const auditId = `audit-${n}`;
    const audit = openAudit({ organizationId, auditId, request, createdAt: noon + n, reference: `CASE-${n}` });
    const closed = n % 2 === 0 ? changeAudit(audit, "close", { resolution }, noon + n) : audit;
    if (closed !== undefined) await stores.audits.create(closed);
  }
  const readsOf = async <Result>(work: () => Promise<Result>) => {
    reads = 0;
    const result = await work();
    return { reads, result };
  };
  const pages: Record<string, number> = {};
  for (const [name, { filter, order }] of Object.entries(lists)) {
    let most = 0;
    let found = 0;
    let from: PagePosition | undefined;
    // Only the sparse list is read to its end.
    do {
      const page = await readsOf(() => stores.listing.list(organizationId, filter, 50, from, order));
      most = Math.max(most, page.reads);
      found += page.result.items.length;
      from = page.result.next;
    } while (name === "sparse" && from !== undefined);
    if (found === 0) throw new Error(`the list ${name} is empty`);
    pages[name] = most;
  }
  const reportError = (error: unknown) => {
    throw error;
  };
  const bands = [{ from: 60_000, to: null, gap: 60_000, resolution: 60_000 }];
  const pollPlan = { bands, overdueAfter: 90 * dayMs };
  const deps = { ...stores, pollPlan, clock: () => noon + dayMs, reportError };
  await readStats(deps)(organizationId, { since: undefined, before: undefined });
  const stats = await readsOf(() => readStats(deps)(organizationId, { since: undefined, before: undefined }));
  return { pages, statsReads: stats.reads };
}

/** The write units that an audit with a reference costs more: its entries in two indexes, from creation to its end. */
async function extraWriteUnits(): Promise<number> {
  const rows = memoryTable(definition);
  let units = 0;
  const added = (definition.GlobalSecondaryIndexes ?? []).filter(({ IndexName: name }) =>
    ["bySettlement", "byReference"].includes(name ?? ""),
  );
  rows.onWrite = ({ before, after }) => {
    for (const index of added) units += indexWriteUnits(before as never, after as never, index as never, ["pk", "sk"]);
  };
  const { audits } = storesOf({ client: clientOf(async (command) => rows.execute(command)), tableName: "table" });
  const audit = openAudit({ reference: "CASE-1" });
  await audits.create(audit);
  const started = changeAudit(audit, "start", {}, noon + 1) ?? audit;
  await audits.update(audit, started, []);
  await audits.update(started, changeAudit(started, "close", { resolution }, noon + 2) ?? started, []);
  return units;
}

/** Reads per page and request with 100,000 audits, and how they grow from 1,000. */
export async function benchLists(progress: (line: string) => void) {
  progress("lists over 1,000 audits");
  const small = await measure(1_000);
  progress("lists over 100,000 audits");
  const large = await measure(100_000);
  const growth = Math.max(
    ...["byStatus", "byReference", "bySettled"].map((name) => (large.pages[name] ?? 0) / (small.pages[name] ?? 1)),
  );
  return {
    readsPerPage: large.pages,
    "growth100k/1k": growth,
    statsReads: large.statsReads,
    extraWriteUnitsPerAudit: await extraWriteUnits(),
  };
}
