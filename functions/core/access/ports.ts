import type { ApiKey } from "./api-key.ts";

export interface ApiKeyStore {
  /** As it stands: a key that has been revoked is never read as it was before. */
  get(keyId: string): Promise<ApiKey | undefined>;
  /** @throws if there is such a key already */
  create(apiKey: ApiKey): Promise<void>;
  /** All keys ever made. */
  list(): Promise<ApiKey[]>;
  /** Has a key end at a time (epoch milliseconds), if it would not end earlier. */
  expire(keyId: string, validUntil: number): Promise<"done" | "missing">;
  /** Ends a key at once; when that was is kept from the first time. */
  revoke(keyId: string, now: number): Promise<"done" | "missing">;
  /** Notes the day (UTC, YYYY-MM-DD) of a use, unless that day or a later one is noted. */
  recordLastUse(keyId: string, day: string): Promise<void>;
}

/** How many requests callers have made in a span of time, added up over all environments of the functions. */
export interface RequestCounts {
  /**
   * Adds requests of a caller in a window and gives the sum.
   *
   * @param forgetAt when nobody asks for it any more, in epoch milliseconds
   */
  add(callerId: string, window: number, requests: number, forgetAt: number): Promise<number>;
}
