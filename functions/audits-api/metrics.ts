import type { StatusMetric } from "../core/audits/audit-metrics.ts";

/** What audits-api measures, besides its calls to Kard. */
export type AuditsApiMetric = StatusMetric | "PublishRefused" | "KardCredentialRefused" | "KardCallsDeferred";
