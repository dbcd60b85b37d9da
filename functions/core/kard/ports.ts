import type { JsonApiError } from "../shared/json-api-error.ts";
import type { AuditRequest } from "./audit-request.ts";
import type { Resolution } from "./resolution.ts";
import type { EarnedReward, RewardStatus } from "./rewards.ts";

/** Why a response of Kard, or a part of it, could not be interpreted. */
export type ResponseDefect = "malformed-response" | "mismatched-response" | PartialDefect;

/** A defect in a part of a response. The rest of the response is used. */
export type PartialDefect = "unknown-status" | "unreadable-resolution";

/** Why a call to Kard had no usable response. It goes into metrics and logs, and never contains Kard's text. */
export type KardFailure = "timeout" | "connection" | "server-error" | ResponseDefect;

/**
 * The result of a create.
 *
 * `accepted` and `refused` are Kard's responses. After `throttled`, `unauthorized` and `unsent`, Kard has made no
 * audit. After `unanswered`, Kard may have made it: Kard documents no idempotency key. `accepted-without-id` is a 2xx
 * without a readable id: Kard has made the audit, and would make another one for a second create.
 */
export type CreateOutcome =
  | { outcome: "accepted"; kardAuditId: string }
  | { outcome: "refused"; status: number; errors: JsonApiError[] }
  | { outcome: "throttled"; retryAfterMs: number | undefined }
  | { outcome: "unauthorized" }
  | { outcome: "unsent"; reason: KardFailure }
  | { outcome: "unanswered"; reason: KardFailure; retryAfterMs?: number | undefined }
  | { outcome: "accepted-without-id"; reason: KardFailure };

export type OpenStatus = "NEW" | "IN_PROGRESS";

/**
 * An audit as Kard shows it: its status and the fields of its request (legacy names; `undefined` if Kard does not show
 * them). `UNKNOWN` is a status that this version does not know, with `kardStatus` as Kard wrote it. It counts as open.
 */
export type KardAudit = { kardAuditId: string; request: AuditRequest | undefined } & (
  | { status: OpenStatus }
  | { status: "CLOSED"; resolution: Resolution }
  | { status: "UNKNOWN"; kardStatus: string }
);

/**
 * The result of reading an audit's status. `failed`: no response, or a 5xx. `not-understood`: Kard answered, so there
 * is no outage, but the response has no usable status.
 */
export type StatusOutcome =
  | { outcome: "known"; audit: KardAudit; reason?: PartialDefect }
  | { outcome: "missing" }
  | { outcome: "not-understood"; reason: ResponseDefect }
  | { outcome: "throttled"; retryAfterMs: number | undefined }
  | { outcome: "unauthorized" }
  | { outcome: "failed"; reason: KardFailure };

/** Identifies the credential of an issuer's calls without its secret. */
export interface KardCredentialIdentity {
  /** The same for all issuers that share the credential. Kard's rate limit applies to it. */
  credentialId: string;
  /**
   * Whether Kard cannot tell this issuer's calls from another's. Then each issuer can read the other's audits by id.
   */
  isShared: boolean;
}

export interface KardCredentials {
  credentialIdentityFor(organizationId: string): Promise<KardCredentialIdentity>;
}

export interface KardSubmissions {
  /** Creates one audit: by v2 for `userId`, by the legacy create without one. */
  createAudit(organizationId: string, userId: string | undefined, request: AuditRequest): Promise<CreateOutcome>;
}

export interface StatusOptions {
  /** Leaves out the request's fields, which take most of the time of parsing a response. */
  statusOnly?: boolean;
}

export interface KardStatuses {
  getAudit(organizationId: string, kardAuditId: string, options?: StatusOptions): Promise<StatusOutcome>;
}

/**
 * The result of reading a page of a user's rewards. `missing`: Kard answers 404. `forbidden`: the credential lacks the
 * scope `transaction:read`, so other calls can work.
 */
export type RewardsOutcome =
  | { outcome: "page"; rewards: EarnedReward[]; next: string | undefined }
  | { outcome: "missing" | "forbidden" }
  | { outcome: "not-understood"; reason: ResponseDefect }
  | { outcome: "throttled"; retryAfterMs: number | undefined }
  | { outcome: "unauthorized" }
  | { outcome: "failed"; reason: KardFailure };

export interface KardRewards {
  /** Reads a page of the rewards of the last 12 months. `after` is the cursor of the page before. */
  getEarnedRewards(
    organizationId: string,
    userId: string,
    status: RewardStatus,
    after?: string | undefined,
  ): Promise<RewardsOutcome>;
}

/** Finds the audit of a create whose response was lost. */
export interface LostAudits {
  /**
   * Kard's id of the audit, if the conflict names exactly one with its transaction, code, merchant and description.
   * `conflict` holds the errors with which Kard refused a later create.
   */
  findLostAudit(
    audit: { organizationId: string; request: AuditRequest },
    conflict: readonly JsonApiError[],
  ): Promise<string | undefined>;
}
