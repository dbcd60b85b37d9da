import type { Audit } from "../../../../functions/core/audits/audit.ts";
import { submitAgain } from "../../../../functions/core/audits/submit-audit.ts";
import type { CreateOutcome } from "../../../../functions/core/kard/ports.ts";
import type { JsonApiError } from "../../../../functions/core/shared/json-api-error.ts";
import { fakeWorld } from "../../../support/fake-world.ts";

export const conflictErrors: JsonApiError[] = [
  { status: "409", title: "Conflict Error", detail: "exists", id: "kard-lost" },
];
export const conflict: CreateOutcome = { outcome: "refused", status: 409, errors: conflictErrors };
export const badRequest: CreateOutcome = {
  outcome: "refused",
  status: 400,
  errors: [{ status: "400", title: "Invalid Request", detail: "no" }],
};
export const unanswered: CreateOutcome = { outcome: "unanswered", reason: "timeout" };
export const throttled: CreateOutcome = { outcome: "throttled", retryAfterMs: 90_000 };
export const inconclusive: CreateOutcome[] = [
  throttled,
  { outcome: "unauthorized" },
  { outcome: "unsent", reason: "connection" },
  unanswered,
];

export async function worldWith(audit: Audit, ...outcomes: CreateOutcome[]) {
  const world = fakeWorld();
  await world.audits.create(audit);
  world.kard.createOutcomes.push(...outcomes);
  const stored = async () => {
    const found = await world.audits.get(audit);
    if (found === undefined) throw new Error("the audit has vanished");
    return found;
  };
  /** Waits until the audit is due and retries it. */
  const tryAgain = async () => {
    const current = await stored();
    world.time.set(Math.max(current.laneAt ?? 0, world.clock()));
    return submitAgain(world)(current);
  };
  return { world, stored, tryAgain };
}
