import { randomBytes } from "node:crypto";
import { type ApiKey, apiKeyStatus, issueApiKey } from "../../../functions/core/access/api-key.ts";
import type { ApiKeyStore } from "../../../functions/core/access/ports.ts";
import { dayMs } from "./create-key.ts";

const hourMs = 3_600_000;

export interface Rotation {
  /** Id of the key to replace. */
  key: string;
  /** Hours for which the old key still works; 0 revokes it. */
  overlap: number;
  /** Lifetime of the new key in days. Default: the lifetime of the old key. */
  days?: number | undefined;
}

/**
 * Replaces a key by a new one with the same permissions. It shows the new key before it sets the end of the old one. So
 * if a step fails, at least one shown key works.
 *
 * @returns the end of the old key; `undefined` if it is revoked
 * @throws Error for a key that is missing, expired or revoked
 */
export async function rotateKey(
  apiKeys: Pick<ApiKeyStore, "get" | "create" | "expire" | "revoke">,
  { key, overlap, days }: Rotation,
  now: number,
  show: (text: string) => void,
): Promise<{ endsAt: string | undefined }> {
  const old = await apiKeys.get(key);
  if (old === undefined) throw new Error(`there is no key ${key}`);
  const standing = apiKeyStatus(old, now);
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
