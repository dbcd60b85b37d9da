import { randomBytes } from "node:crypto";
import { type ApiKey, issueApiKey, standingOf } from "../../../functions/core/access/api-key.ts";
import type { ApiKeyStore } from "../../../functions/core/access/ports.ts";
import { dayMs } from "./create-key.ts";

const hourMs = 3_600_000;

export interface Rotation {
  /** The id of the key to be replaced. */
  key: string;
  /** Hours for which it goes on working; 0 revokes it. */
  overlap: number;
  /** Days that the new key works; by default as many as the old one was given. */
  days?: number | undefined;
}

/**
 * Replaces a key by a new one with the same rights. The new one is shown before the old one is given an end, so that
 * whatever fails in between, nobody is left without a key that works.
 *
 * @returns until when the old key works; `undefined` if it is revoked
 * @throws Error for a key that does not work any more
 */
export async function rotateKey(
  apiKeys: Pick<ApiKeyStore, "get" | "create" | "expire" | "revoke">,
  { key, overlap, days }: Rotation,
  now: number,
  show: (text: string) => void,
): Promise<{ endsAt: string | undefined }> {
  const old = await apiKeys.get(key);
  if (old === undefined) throw new Error(`there is no key ${key}`);
  const standing = standingOf(old, now);
  if (standing !== "active") throw new Error(`${key} is ${standing}: create a new key`);
  const { organizations, scopes, description } = old;
  const lifeMs = days === undefined ? lifeOf(old) : days * dayMs;
  const validUntil = lifeMs === undefined ? undefined : now + lifeMs;
  const { text, apiKey } = issueApiKey(
    { organizations, scopes, description, validUntil, rotatedFrom: key },
    randomBytes,
    now,
  );
  await apiKeys.create(apiKey);
  show(text);
  if (overlap === 0) {
    await apiKeys.revoke(key, now);
    return { endsAt: undefined };
  }
  const endsAt = Math.min(now + overlap * hourMs, old.validUntil ?? Number.POSITIVE_INFINITY);
  await apiKeys.expire(key, endsAt);
  return { endsAt: new Date(endsAt).toISOString() };
}

function lifeOf({ createdAt, validUntil }: ApiKey): number | undefined {
  return validUntil === undefined ? undefined : validUntil - createdAt;
}
