import { readStats } from "../../../../functions/audits-api/lists/read-stats.ts";
import { statsQuery } from "../../../../functions/audits-api/stats-input.ts";
import type { Audit } from "../../../../functions/core/audits/audit.ts";
import type { fakeWorld } from "../../../support/fake-world.ts";
import { aRequest, openAudit } from "../../../support/sample-audits.ts";

export type World = ReturnType<typeof fakeWorld>;
export const hour = 60 * 60_000;
const resolution = { resolutionCode: 5004, resolutionDescription: null, resolutionTimeStamp: null };

export async function file(world: World, auditId: string, changes: Partial<Audit> = {}): Promise<Audit> {
  const request = { ...aRequest, transactionAmountInCents: 100, currency: "USD" };
  const audit = openAudit({ auditId, createdAt: world.clock(), request, ...changes });
  await world.audits.create(audit);
  return audit;
}

export async function close(world: World, audit: Audit): Promise<void> {
  const { lane: _lane, laneAt: _laneAt, ...rest } = audit;
  await world.audits.update(audit, { ...rest, status: "CLOSED", settledAt: world.clock(), resolution }, []);
}

export const read = async (world: World) => (await readStats(world)("org", statsQuery.parse({}))).attributes;

/** Figures are stored, and the response is lost. */
export function failing(world: World): World {
  const put: World["dayFigures"]["put"] = async (...given) => {
    await world.dayFigures.put(...given);
    throw new Error("the response is lost");
  };
  return { ...world, dayFigures: { ...world.dayFigures, put } };
}

/** A bound is reached in the middle of each period. */
export function cutShort(world: World): World {
  const middle = ({ from, to }: { from: number; to: number }) => ({
    from,
    to: Math.max(from, Math.floor((from + to) / 2)),
  });
  const filed: World["source"]["filed"] = (issuer, period) => world.source.filed(issuer, middle(period));
  const settled: World["source"]["settled"] = (issuer, period) => world.source.settled(issuer, middle(period));
  return { ...world, source: { ...world.source, filed, settled } };
}
