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
import type { EarnedReward, RewardStatus } from "../../../functions/core/kard/rewards.ts";

export interface FakeKard extends KardSubmissions, KardStatuses, KardRewards, LostAudits {
  /** The next create outcomes, in order; Kard accepts after the last. */
  createOutcomes: CreateOutcome[];
  /** The next status outcomes, in order; after the last, Kard shows the audits in `audits`. */
  statusOutcomes: StatusOutcome[];
  /** The result of `findLostAudit`. */
  lostAudit: string | undefined;
  /** Kard's audits by id. Accepted ones are NEW. */
  audits: Map<string, KardAudit>;
  /** The next outcomes of reading rewards, in order; after the last, Kard shows `rewards` on one page. */
  rewardsOutcomes: RewardsOutcome[];
  /** The rewards of all users. */
  rewards: (EarnedReward & { status: RewardStatus })[];
  /** Every call, in order. */
  creates: { organizationId: string; userId: string | undefined; request: AuditRequest }[];
  gets: { organizationId: string; kardAuditId: string }[];
  rewardReads: Parameters<KardRewards["getEarnedRewards"]>[];
  /** Closes an audit at Kard. */
  close(kardAuditId: string, resolutionCode?: number): void;
}

/** A fake Kard with prepared responses. */
export function fakeKard(): FakeKard {
  const kard: FakeKard = {
    createOutcomes: [],
    statusOutcomes: [],
    lostAudit: undefined,
    rewardsOutcomes: [],
    audits: new Map(),
    rewards: [],
    creates: [],
    gets: [],
    rewardReads: [],
    async createAudit(organizationId, userId, request) {
      kard.creates.push({ organizationId, userId, request });
      const kardAuditId = `kard-${kard.creates.length}`;
      const outcome = kard.createOutcomes.shift() ?? { outcome: "accepted", kardAuditId };
      if (outcome.outcome === "accepted") {
        kard.audits.set(outcome.kardAuditId, { kardAuditId: outcome.kardAuditId, request, status: "NEW" });
      }
      return outcome;
    },
    async getAudit(organizationId, kardAuditId) {
      kard.gets.push({ organizationId, kardAuditId });
      const audit = kard.audits.get(kardAuditId);
      return (
        kard.statusOutcomes.shift() ?? (audit === undefined ? { outcome: "missing" } : { outcome: "known", audit })
      );
    },
    async getEarnedRewards(...read) {
      kard.rewardReads.push(read);
      const rewards = kard.rewards.filter(({ status }) => status === read[2]);
      return kard.rewardsOutcomes.shift() ?? { outcome: "page", rewards, next: undefined };
    },
    async findLostAudit() {
      return kard.lostAudit;
    },
    close(kardAuditId, resolutionCode = 5004) {
      const audit = kard.audits.get(kardAuditId);
      if (audit === undefined) throw new Error(`Kard has no ${kardAuditId}`);
      const resolution = {
        resolutionCode,
        resolutionDescription: "Reward dispute resolved",
        resolutionTimeStamp: "2026-03-14T12:00:00.000Z",
      };
      kard.audits.set(kardAuditId, { kardAuditId, request: audit.request, status: "CLOSED", resolution });
    },
  };
  return kard;
}
