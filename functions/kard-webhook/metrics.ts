import type { StatusMetric } from "../core/audits/audit-metrics.ts";

/** The metrics of kard-webhook, in addition to those of calls to Kard. */
export type KardWebhookMetric =
  | StatusMetric
  | "PublishRefused"
  | "PushesTaken"
  | "PushesForUnknownAudits"
  | "KardCredentialRefused"
  | "KardCallsDeferred";
