import type { AuditRequest } from "../../../../functions/core/kard/audit-request.ts";
import type { CreateOutcome, StatusOutcome } from "../../../../functions/core/kard/ports.ts";
import type { VirtualTime } from "../../../support/virtual-time.ts";
import { refused } from "./kard-failures.ts";
import { type KardState, kardPorts } from "./kard-ports.ts";

/** Kard's refusal of a create. */
export const refusedDescription = "refuse this";

/** A fake Kard. It accepts one audit per transaction and names it in the conflict of later creates. */
export function createKard(time: VirtualTime) {
  const mode = { isDown: false, isThrottling: false, isOdd: false, isMute: false };
  const state: KardState = { audits: new Map(), creates: [], asks: [], rewards: [], troubles: new Map(), mode };
  const { audits, creates, asks, rewards, troubles } = state;

  const create = (
    organizationId: string | undefined,
    userId: string | undefined,
    request: AuditRequest,
  ): CreateOutcome => {
    if (request.auditDescription === refusedDescription) return refused(400, "is not to be audited");
    for (const [id, other] of audits) {
      if (other.organizationId !== organizationId || other.userId !== userId) continue;
      if (other.audit.request?.transactionId === request.transactionId) {
        return refused(409, "exists already", mode.isMute ? undefined : id);
      }
    }
    const kardAuditId = `kard-${audits.size + 1}`;
    audits.set(kardAuditId, { organizationId, userId, audit: { kardAuditId, request, status: "NEW" } });
    return { outcome: "accepted", kardAuditId };
  };

  const kard = {
    audits,
    creates,
    asks,
    rewards,
    /** Answers all of an issuer's calls like this until it is reset. A timeout comes after six seconds. */
    setTrouble(organizationId: string, response: StatusOutcome | undefined) {
      if (response === undefined) troubles.delete(organizationId);
      else troubles.set(organizationId, response);
    },
    /** Adds an audit that was created at Kard directly. */
    seed(organizationId: string | undefined, userId: string, request: AuditRequest): string {
      const made = create(organizationId, userId, request);
      if (made.outcome !== "accepted") throw new Error("Kard does not take it");
      return made.kardAuditId;
    },
    setDown(down: boolean) {
      mode.isDown = down;
    },
    /** Answers in formats that are not in Kard's reference. */
    setOdd(odd: boolean) {
      mode.isOdd = odd;
    },
    /** Some audits' ids are then only in its pushes. */
    isOdd: () => mode.isOdd,
    /** Throttles creates. Existing audits are still shown. */
    setThrottling(throttling: boolean) {
      mode.isThrottling = throttling;
    },
    /** Loses the responses to creates, and names no audit in conflicts. */
    setMute(mute: boolean) {
      mode.isMute = mute;
    },
    start(id: string) {
      const known = audits.get(id);
      if (known?.audit.status !== "NEW") return;
      known.audit = { ...known.audit, status: "IN_PROGRESS" };
    },
    close(id: string, resolutionCode = 5004) {
      const known = audits.get(id);
      if (known === undefined || known.audit.status === "CLOSED") return;
      const resolutionTimeStamp = new Date(time.clock()).toISOString();
      const resolution = { resolutionCode, resolutionDescription: "resolved", resolutionTimeStamp };
      known.audit = { kardAuditId: id, request: known.audit.request, status: "CLOSED", resolution };
    },

    /** Kard's ports for one worker. */
    reachedBy: kardPorts(time, state, create),
  };
  return kard;
}
