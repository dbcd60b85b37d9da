import { type ApiKey, parseApiKey, secretMatches } from "./api-key.ts";
import type { ApiKeyStore, Clock } from "./ports.ts";

/** How long a key that was read is believed, in milliseconds: a revocation is felt after that at the latest. */
const believedMs = 60_000;

/**
 * Finds out whose key a request presents in its Authorization header. Keys are remembered for a minute; a text that
 * cannot be a key costs no read, and unknown, wrong and malformed ones are told apart by nobody.
 */
export function authenticator(deps: { apiKeys: Pick<ApiKeyStore, "get">; clock: Clock }) {
  const known = new Map<string, { apiKey: ApiKey; until: number }>();
  return async (authorization: string | undefined): Promise<ApiKey | undefined> => {
    const presented = parseApiKey(/^Bearer (\S+)$/i.exec(authorization ?? "")?.[1] ?? "");
    if (presented === undefined) return undefined;
    const now = deps.clock();
    const remembered = known.get(presented.keyId);
    const apiKey =
      remembered !== undefined && now < remembered.until ? remembered.apiKey : await deps.apiKeys.get(presented.keyId);
    if (apiKey === undefined || !secretMatches(apiKey, presented.secret)) return undefined;
    if (apiKey !== remembered?.apiKey) known.set(presented.keyId, { apiKey, until: now + believedMs });
    return apiKey;
  };
}
