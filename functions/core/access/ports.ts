import type { ApiKey } from "./api-key.ts";

export interface ApiKeyStore {
  /** A strongly consistent read: a revoked key is never read as active. */
  get(keyId: string): Promise<ApiKey | undefined>;
  /** @throws if the key exists */
  create(apiKey: ApiKey): Promise<void>;
  /** All keys, including revoked and expired ones. */
  list(): Promise<ApiKey[]>;
  /** Sets the expiry (epoch milliseconds), unless the key already expires earlier. */
  expire(keyId: string, validUntil: number): Promise<"done" | "missing">;
  /** Revokes a key. Repeated calls keep the first time. */
  revoke(keyId: string, now: number): Promise<"done" | "missing">;
  /** Records the day (UTC, YYYY-MM-DD) of a use, unless that day or a later one is recorded. */
  recordLastUse(keyId: string, day: string): Promise<void>;
}

/** Request counts per caller and time window, over all environments. */
export interface RequestCounts {
  /**
   * Adds requests to a caller's window and returns the sum.
   *
   * @param forgetAt when the count may be deleted, in epoch milliseconds
   */
  add(callerId: string, window: number, requests: number, forgetAt: number): Promise<number>;
}
