import type { JsonApiError } from "../shared/json-api-error.ts";
import type { AuditRequest } from "./audit-request.ts";
import type { Resolution } from "./resolution.ts";

/** Why an answer of Kard's, or a part of it, was not understood. */
export type AnswerDefect = "malformed-answer" | "mismatched-answer" | "unknown-status";

/** Why a call to Kard brought no usable answer. It goes into metrics and logs and never carries Kard's text. */
export type KardFailure = "timeout" | "connection" | "server-error" | AnswerDefect;

/**
 * What became of handing one audit to Kard.
 *
 * `accepted` and `refused` are Kard's own word. `throttled`, `unauthorized` and `unsent` are definite too: Kard has
 * made no audit. After `unanswered` Kard may have made it, because Kard documents no idempotency key.
 * `accepted-without-id` is a 2xx in which no id of the audit could be read: Kard has made it, and would make another
 * if asked again.
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
 * An audit as Kard shows it: where Kard stands with it, and the request's fields (legacy names), `undefined` where
 * Kard does not say what was requested. `UNKNOWN` is a status that this version does not know, `kardStatus` as Kard
 * wrote it: the audit counts as open.
 */
export type KardAudit = { kardAuditId: string; request: AuditRequest | undefined } & (
  | { status: OpenStatus }
  | { status: "CLOSED"; resolution: Resolution }
  | { status: "UNKNOWN"; kardStatus: string }
);

/**
 * What Kard says of one audit. `failed`: Kard gave no answer, or a 5xx. `not-understood`: Kard answered, so that it
 * is no outage, but the answer does not say where the audit stands.
 */
export type StatusOutcome =
  | { outcome: "known"; audit: KardAudit; reason?: "unknown-status" }
  | { outcome: "missing" }
  | { outcome: "not-understood"; reason: AnswerDefect }
  | { outcome: "throttled"; retryAfterMs: number | undefined }
  | { outcome: "unauthorized" }
  | { outcome: "failed"; reason: KardFailure };

/** What can be known of the credential by which an issuer's calls are made, without knowing its secret. */
export interface KardCredentialIdentity {
  /** The same for all issuers that share the credential, and for no others: the scope of Kard's rate limit. */
  credentialId: string;
  /** Whether Kard cannot tell this issuer's calls from another's, so that each sees the other's audits by their ids. */
  isShared: boolean;
}

export interface KardCredentials {
  credentialIdentityFor(organizationId: string): Promise<KardCredentialIdentity>;
}

/** Kard, seen by those who submit. */
export interface KardSubmissions {
  /** Hands one audit to Kard: v2's create for `userId`, the legacy create without one. */
  createAudit(organizationId: string, userId: string | undefined, request: AuditRequest): Promise<CreateOutcome>;
}

/** Kard, seen by those who follow an audit. */
export interface KardStatuses {
  getAudit(organizationId: string, kardAuditId: string): Promise<StatusOutcome>;
}

/** Finds out whether a create whose answer was lost has been made after all. */
export interface LostAudits {
  /**
   * Kard's id of the audit, if exactly one that the conflict names has its transaction, code, merchant and description.
   * `conflict` are the errors by which Kard refused a later create.
   */
  findLostAudit(
    audit: { organizationId: string; request: AuditRequest },
    conflict: readonly JsonApiError[],
  ): Promise<string | undefined>;
}

/** What became of a subscription. `conflict`: Kard answers 409; it has these subscriptions for the event already. */
export type SubscribeOutcome =
  | { outcome: "subscribed" | "updated" | "already-subscribed" }
  | { outcome: "missing" | "unauthorized" }
  | { outcome: "conflict"; webhookUrls: string[] }
  | { outcome: "throttled"; retryAfterMs: number | undefined }
  | { outcome: "failed"; reason: KardFailure };

/** Kard's own `auditUpdate` notifications of an issuer. */
export interface KardPushes {
  /** Has Kard send them to a URL; a subscription that is there for it, or for a former URL of ours, is mended. */
  subscribeToPushes(
    organizationId: string,
    webhookUrl: string,
    isFormer?: (webhookUrl: string) => boolean,
  ): Promise<SubscribeOutcome>;
}
