import type { StatusMetric } from "../core/audits/audit-metrics.ts";

/** The metrics of poll-audits, in addition to those of calls to Kard. */
export type PollAuditsMetric =
  | StatusMetric
  | "PublishRefused"
  | "PollLagSeconds"
  | "AuditsPolled"
  | "AuditsChanged"
  | "KardRateUsed"
  | "AuditsFailed"
  | "AuditsMissingAtKard"
  | "AuditsOverdue"
  | "AuditsUnconfirmed"
  | "AdoptionsUnknown"
  | "AdoptionsGivenUp"
  | "AuditsUnfulfilled"
  | "FollowUpsUnknown"
  | "PollLeasesLost"
  | "PollClockResets"
  | "IssuersInTrouble"
  | "KardCredentialRefused";
