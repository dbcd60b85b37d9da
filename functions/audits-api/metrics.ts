import type { StatusMetric } from "../core/audits/audit-metrics.ts";

/** The metrics of audits-api, in addition to those of calls to Kard. */
export type AuditsApiMetric = StatusMetric | "PublishRefused" | "KardCredentialRefused" | "KardCallsDeferred";
