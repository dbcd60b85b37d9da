import type { pollerWorld } from "../../support/polling/poller-world.ts";

export const minute = 60_000;
export const day = 1_440 * minute;
export const names = (count: number, prefix = "audit") =>
  Array.from({ length: count }, (_, number) => `${prefix}-${number}`);
export const noResponse = { outcome: "failed", reason: "server-error" } as const;

export function inLane(world: ReturnType<typeof pollerWorld>, lane: string): string[] {
  return [...world.stores.state.audits.values()].filter((audit) => audit.lane === lane).map(({ auditId }) => auditId);
}
