import { aRequest } from "../../support/sample-audits.ts";
import type { World } from "../world/world.ts";

export const minute = 60_000;

export interface Race {
  /** Runs before the race, without faults. */
  before: (world: World) => Promise<void>;
  racers: ((world: World) => Promise<unknown>)[];
  /** Whether the first racer may be so slow that its lease ends. */
  overtaken?: number;
  expect?: (world: World) => void;
}

export const files = (world: World, names: readonly string[]) =>
  world.submit({
    requests: names.map((name) => ({ ...aRequest, transactionId: `txn-${name}`, auditDescription: name })),
  });

export async function closedAtKard(world: World, names: readonly string[]): Promise<void> {
  await files(world, names);
  for (const id of world.kard.audits.keys()) world.kard.close(id);
  await world.wait(6 * minute);
}

/** The recorded attempts of the only notification. */
export function attemptsMade({ rows }: World): number {
  return Math.max(...[...rows.rows.values()].map(({ attemptCount }) => Number(attemptCount?.N ?? 0)));
}

/** Without faults and delays, each audit is submitted once. */
export function onceAtKard({ kard, history }: World): void {
  const taken = kard.creates.filter((one) => one.taken).length;
  if (kard.creates.length !== taken)
    history.violated(`Kard was asked ${kard.creates.length} times for ${taken} audits`);
}
