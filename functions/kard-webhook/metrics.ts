import type { StatusMetric } from "../core/observed-audits.ts";

/** What kard-webhook measures, besides its calls to Kard. */
export type KardWebhookMetric =
  | StatusMetric
  | "PublishRefused"
  | "PushesTaken"
  | "PushesForUnknownAudits"
  | "KardCredentialRefused"
  | "KardCallsDeferred";
