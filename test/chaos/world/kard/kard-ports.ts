import { createLostAudits } from "../../../../functions/adapters/kard/find-lost-audit.ts";
import type { AuditRequest } from "../../../../functions/core/kard/audit-request.ts";
import type {
  CreateOutcome,
  KardAudit,
  KardRewards,
  KardStatuses,
  KardSubmissions,
  LostAudits,
  RewardsOutcome,
  StatusOutcome,
} from "../../../../functions/core/kard/ports.ts";
import type { EarnedReward } from "../../../../functions/core/kard/rewards.ts";
import type { VirtualTime } from "../../../support/virtual-time.ts";
import type { FaultKind, Outside, Worker } from "../outside.ts";
import { createIn } from "./kard-failures.ts";
import { oddCreate, oddStatus } from "./odd-responses.ts";

const createKinds = ["before", "after", "crash-before", "crash-after", "throttle", "outage"] satisfies FaultKind[];
const statusKinds = ["before", "crash-before", "throttle", "outage", "stale"] satisfies FaultKind[];
const rewardsKinds = ["before", "crash-before", "throttle", "outage"] satisfies FaultKind[];
const retryAfterMs = 30_000;
const timeoutMs = 6_000;

/** The state of the fake Kard that its ports read and record. */
export interface KardState {
  audits: Map<string, AtKard>;
  /** Every create that reached Kard. */
  creates: { organizationId: string; request: AuditRequest; taken: boolean; struckBefore: number }[];
  /** Every status call that reached Kard. */
  asks: { organizationId: string; kardAuditId: string; at: number }[];
  /** The settled rewards of all users. */
  rewards: EarnedReward[];
  /** Responses to all calls of an issuer. */
  troubles: Map<string, StatusOutcome>;
  mode: { isDown: boolean; isThrottling: boolean; isOdd: boolean; isMute: boolean };
}

export interface AtKard {
  /** `undefined`: visible to every issuer with the credential. */
  organizationId: string | undefined;
  userId: string | undefined;
  audit: KardAudit;
}

type Create = (organizationId: string | undefined, userId: string | undefined, request: AuditRequest) => CreateOutcome;
type Ports = KardSubmissions & KardStatuses & KardRewards & LostAudits;

/** Kard's ports for one worker at a time. */
export function kardPorts(time: VirtualTime, state: KardState, create: Create) {
  const { audits, creates, asks, rewards, troubles, mode } = state;
  const asked = new Map<string, number>();
  const slowly = async (response: StatusOutcome) => {
    if (response.outcome === "failed" && response.reason === "timeout") await time.sleep(timeoutMs);
    return response;
  };

  return (outside: Outside, worker: Worker): Ports => {
    const getAudit: KardStatuses["getAudit"] = (organizationId, id, options) => {
      const respond = async (late: boolean): Promise<StatusOutcome> => {
        const known = audits.get(id);
        const trouble = troubles.get(organizationId);
        asks.push({ organizationId, kardAuditId: id, at: time.clock() });
        if (trouble !== undefined) return slowly(trouble);
        if (mode.isDown) return { outcome: "failed", reason: "server-error" };
        if (known === undefined) return { outcome: "missing" };
        const { kardAuditId, request } = known.audit;
        if (mode.isOdd && !late) {
          const times = asked.get(id) ?? 0;
          asked.set(id, times + 1);
          return oddStatus(known.audit, times, options);
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
              if (mode.isDown) return { outcome: "failed", reason: "server-error" };
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
              if (mode.isDown) return { outcome: "unanswered", reason: "server-error" };
              if (mode.isThrottling) return { outcome: "throttled", retryAfterMs };
              const outcome = create(organizationId, userId, request);
              const taken = outcome.outcome === "accepted";
              creates.push({ organizationId, request, taken, struckBefore });
              if (mode.isMute && taken) return { outcome: "unanswered", reason: "timeout" };
              return mode.isOdd ? oddCreate(outcome, request, creates.length) : outcome;
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
  };
}
