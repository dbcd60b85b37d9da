import type { Scope } from "./api-key.ts";

/** Whoever makes a request: the issuers it may act for, and what it may do for them. */
export interface Caller {
  /** Its own, among keys and identity tokens. */
  callerId: string;
  organizations: readonly string[];
  scopes: readonly Scope[];
}

/** What is known of whoever presents an Authorization header. */
export type Authenticated =
  | { outcome: "known"; caller: Caller }
  | { outcome: "unknown" }
  | { outcome: "throttled"; retryAfterSeconds: number };
