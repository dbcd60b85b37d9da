import type { StatusMetric } from "../core/observed-audits.ts";

/** What audits-api measures, besides its calls to Kard. */
export type AuditsApiMetric = StatusMetric | "PublishRefused" | "KardCredentialRefused" | "KardCallsDeferred";
