import type { Scope } from "./api-key.ts";

/** An authenticated caller: the issuers it may act for, and its scopes. */
export interface Caller {
  /** Unique among API keys and identity tokens. */
  callerId: string;
  organizations: readonly string[];
  scopes: readonly Scope[];
  /** When its key expires, in epoch milliseconds, if known. */
  validUntil?: number | undefined;
}

/** The result of authenticating an `Authorization` header. */
export type Authenticated =
  | { outcome: "known"; caller: Caller }
  | { outcome: "unknown" }
  | { outcome: "throttled"; retryAfterSeconds: number };
