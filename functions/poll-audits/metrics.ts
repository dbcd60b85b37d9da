import type { StatusMetric } from "../core/audits/audit-metrics.ts";

/** What poll-audits measures, besides its calls to Kard. */
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
  | "PollLeasesLost"
  | "PollClockResets"
  | "IssuersInTrouble"
  | "KardCredentialRefused";
