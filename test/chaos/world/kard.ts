import { createLostAudits } from "../../../functions/adapters/kard/find-lost-audit.ts";
import type { AuditRequest } from "../../../functions/core/kard/audit-request.ts";
import type {
  CreateOutcome,
  KardAudit,
  KardRewards,
  KardStatuses,
  KardSubmissions,
  LostAudits,
  RewardsOutcome,
  StatusOutcome,
} from "../../../functions/core/kard/ports.ts";
import type { EarnedReward } from "../../../functions/core/kard/rewards.ts";
import type { VirtualTime } from "../../support/virtual-time.ts";
import { createIn, refused } from "./kard-failures.ts";
import { oddCreate, oddStatus } from "./odd-responses.ts";
import type { FaultKind, Outside, Worker } from "./outside.ts";

export interface AtKard {
  /** `undefined`: visible to every issuer with the credential. */
  organizationId: string | undefined;
  userId: string | undefined;
  audit: KardAudit;
}

/** Kard's refusal of a create. */
export const refusedDescription = "refuse this";

const createKinds = ["before", "after", "crash-before", "crash-after", "throttle", "outage"] satisfies FaultKind[];
const statusKinds = ["before", "crash-before", "throttle", "outage", "stale"] satisfies FaultKind[];
const rewardsKinds = ["before", "crash-before", "throttle", "outage"] satisfies FaultKind[];
const retryAfterMs = 30_000;
const timeoutMs = 6_000;

/** A fake Kard. It accepts one audit per transaction and names it in the conflict of later creates. */
export function createKard(time: VirtualTime) {
  const audits = new Map<string, AtKard>();
  /** Every create that reached Kard. */
  const creates: { organizationId: string; request: AuditRequest; taken: boolean; struckBefore: number }[] = [];
  /** Every status call that reached Kard. */
  const asks: { organizationId: string; kardAuditId: string; at: number }[] = [];
  /** The settled rewards of all users. */
  const rewards: EarnedReward[] = [];
  const troubles = new Map<string, StatusOutcome>();
  let isDown = false;
  let isThrottling = false;
  let isOdd = false;
  const asked = new Map<string, number>();
  let isMute = false;

  const slowly = async (response: StatusOutcome) => {
    if (response.outcome === "failed" && response.reason === "timeout") await time.sleep(timeoutMs);
    return response;
  };

  const create = (
    organizationId: string | undefined,
    userId: string | undefined,
    request: AuditRequest,
  ): CreateOutcome => {
    if (request.auditDescription === refusedDescription) return refused(400, "is not to be audited");
    for (const [id, other] of audits) {
      if (other.organizationId !== organizationId || other.userId !== userId) continue;
      if (other.audit.request?.transactionId === request.transactionId) {
        return refused(409, "exists already", isMute ? undefined : id);
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
      isDown = down;
    },
    /** Answers in formats that are not in Kard's reference. */
    setOdd(odd: boolean) {
      isOdd = odd;
    },
    /** Some audits' ids are then only in its pushes. */
    isOdd: () => isOdd,
    /** Throttles creates. Existing audits are still shown. */
    setThrottling(throttling: boolean) {
      isThrottling = throttling;
    },
    /** Loses the responses to creates, and names no audit in conflicts. */
    setMute(mute: boolean) {
      isMute = mute;
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
    reachedBy(outside: Outside, worker: Worker): KardSubmissions & KardStatuses & KardRewards & LostAudits {
      const getAudit = (organizationId: string, id: string): Promise<StatusOutcome> => {
        const respond = async (late: boolean): Promise<StatusOutcome> => {
          const known = audits.get(id);
          const trouble = troubles.get(organizationId);
          asks.push({ organizationId, kardAuditId: id, at: time.clock() });
          if (trouble !== undefined) return slowly(trouble);
          if (isDown) return { outcome: "failed", reason: "server-error" };
          if (known === undefined) return { outcome: "missing" };
          const { kardAuditId, request } = known.audit;
          if (isOdd && !late) {
            const times = asked.get(id) ?? 0;
            asked.set(id, times + 1);
            return oddStatus(known.audit, times);
          }
          return { outcome: "known", audit: late ? { kardAuditId, request, status: "NEW" } : known.audit };
        };
        return outside.pass<StatusOutcome>(
          worker,
          { service: "kard", name: "status", kinds: statusKinds },
          {
            effect: () => respond(false),
            broken: () => ({ outcome: "failed", reason: "timeout" }),
            throttled: () => ({ outcome: "throttled", retryAfterMs }),
            late: () => respond(true),
          },
        );
      };
      return {
        getAudit,
        ...createLostAudits({ getAudit }),
        getEarnedRewards(_organizationId, _userId, status) {
          const shown = status === "SETTLED" ? rewards : [];
          return outside.pass<RewardsOutcome>(
            worker,
            { service: "kard", name: "rewards", kinds: rewardsKinds },
            {
              async effect() {
                if (isDown) return { outcome: "failed", reason: "server-error" };
                return { outcome: "page", rewards: structuredClone(shown), next: undefined };
              },
              broken: () => ({ outcome: "failed", reason: "timeout" }),
              throttled: () => ({ outcome: "throttled", retryAfterMs }),
            },
          );
        },
        createAudit(organizationId, userId, request) {
          const struckBefore = outside.struck.length;
          return outside.pass<CreateOutcome>(
            worker,
            { service: "kard", name: "create", kinds: createKinds },
            {
              async effect() {
                const trouble = troubles.get(organizationId);
                if (trouble !== undefined) return createIn(await slowly(trouble));
                if (isDown) return { outcome: "unanswered", reason: "server-error" };
                if (isThrottling) return { outcome: "throttled", retryAfterMs };
                const outcome = create(organizationId, userId, request);
                const taken = outcome.outcome === "accepted";
                creates.push({ organizationId, request, taken, struckBefore });
                if (isMute && taken) return { outcome: "unanswered", reason: "timeout" };
                return isOdd ? oddCreate(outcome, request, creates.length) : outcome;
              },
              broken: (why) =>
                why === "before"
                  ? { outcome: "unsent", reason: "connection" }
                  : { outcome: "unanswered", reason: why === "outage" ? "server-error" : "timeout" },
              throttled: () => ({ outcome: "throttled", retryAfterMs }),
            },
          );
        },
      };
    },
  };
  return kard;
}
