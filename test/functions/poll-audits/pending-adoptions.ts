import { auditIdOfAdopted } from "../../../functions/core/audits/idempotency.ts";
import type { Adoption } from "../../../functions/core/tracking/adoption.ts";
import { type PollerWorld, pollerWorld } from "../../support/polling/poller-world.ts";

export const minute = 60_000;
export const hour = 60 * minute;
export const adopted = { organizationId: "org", auditId: auditIdOfAdopted("org", "kard-1") };

export async function worldWith(...waiting: Adoption[]): Promise<PollerWorld> {
  const world = pollerWorld();
  for (const adoption of waiting) await world.stores.adoptions.add(adoption);
  return world;
}

export const pendingIn = ({ stores }: PollerWorld) => [...stores.state.adoptions.values()];
