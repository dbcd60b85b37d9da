import { changeAudit } from "../../../../functions/core/audits/change-audit.ts";
import type { OwnerEvent } from "../../../../functions/core/publishing/ports.ts";
import { ownerEventOf } from "../../../../functions/core/publishing/send-to-owner.ts";
import { noon } from "../../../support/fake-clock.ts";
import { openAudit } from "../../../support/sample-audits.ts";

/** The event of an audit that was closed at noon with a resolution code. */
export function closingOf(resolutionCode: number | null): OwnerEvent {
  const resolution = { resolutionCode, resolutionDescription: null, resolutionTimeStamp: null };
  const audit = changeAudit(openAudit(), "close", { resolution }, noon);
  if (audit?.events.e1 === undefined) throw new Error("it cannot be closed");
  return ownerEventOf(audit, audit.events.e1);
}
