import { randomBytes } from "node:crypto";
import { issueApiKey, type Scope } from "../../../functions/core/access/api-key.ts";
import type { ApiKeyStore } from "../../../functions/core/access/ports.ts";

export const dayMs = 86_400_000;

/** Creates a key and returns its text, which is not stored. */
export async function createKey(
  apiKeys: Pick<ApiKeyStore, "create">,
  wanted: {
    organization: string[];
    scope: readonly Scope[];
    days?: number | undefined;
    description?: string | undefined;
  },
  now: number,
): Promise<string> {
  const { organization: organizations, scope, days, description } = wanted;
  const validUntil = days === undefined ? undefined : now + days * dayMs;
  const { text, apiKey } = issueApiKey(
    { organizations, scopes: [...scope], description, validUntil },
    randomBytes,
    now,
  );
  await apiKeys.create(apiKey);
  return text;
}
