import type { Audit } from "../../../../functions/core/audits/audit.ts";
import { changeAudit } from "../../../../functions/core/audits/change-audit.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { type aSubscription, openAudit } from "../../../support/sample-audits.ts";

export const resolution = { resolutionCode: 5004, resolutionDescription: "done", resolutionTimeStamp: null };

export function closedAudit(before: Audit = openAudit()): Audit {
  const closed = changeAudit(before, "close", { resolution }, noon);
  if (closed === undefined) throw new Error("it cannot be closed");
  return closed;
}

export async function worldWith(audit: Audit, ...subscriptions: ReturnType<typeof aSubscription>[]) {
  const world = fakeWorld();
  await world.audits.create(audit);
  await world.issuers.add(audit.organizationId);
  for (const subscription of subscriptions) await world.subscriptions.create(subscription);
  const stored = async () => {
    const found = await world.audits.get(audit);
    if (found === undefined) throw new Error("the audit has vanished");
    return found;
  };
  return { world, stored };
}

/** A call of a target or store that is down. */
export const broken = () => Promise.reject(new Error("it cannot be reached"));
