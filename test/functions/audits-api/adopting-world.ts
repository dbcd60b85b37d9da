import { adoptAudits } from "../../../functions/audits-api/adopt/adopt-audits.ts";
import { auditIdOfAdopted } from "../../../functions/core/audits/idempotency.ts";
import type { StatusOutcome } from "../../../functions/core/kard/ports.ts";
import { fakeWorld } from "../../support/fake-world.ts";

export const auditId = auditIdOfAdopted("org", "kard-1");

export function worldWhereKardHas(...outcomes: StatusOutcome[]) {
  const world = fakeWorld();
  world.kard.statusOutcomes.push(...outcomes);
  const adopt = (...ids: string[]) => adoptAudits(world)("org", "user-1", ids);
  return { world, adopt };
}
