import type { StatusMetric } from "../core/audits/audit-metrics.ts";

/** What kard-webhook measures, besides its calls to Kard. */
export type KardWebhookMetric =
  | StatusMetric
  | "PublishRefused"
  | "PushesTaken"
  | "PushesForUnknownAudits"
  | "KardCredentialRefused"
  | "KardCallsDeferred";
