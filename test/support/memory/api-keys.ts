import type { ApiKey } from "../../../functions/core/access/api-key.ts";
import type { ApiKeyStore } from "../../../functions/core/access/ports.ts";
import { copyOf, type MemoryState, nameOf } from "./state.ts";

/** API keys in memory. */
export function memoryApiKeys({ apiKeys }: MemoryState): ApiKeyStore {
  const change = async (keyId: string, to: (apiKey: ApiKey) => ApiKey): Promise<"done" | "missing"> => {
    const stored = apiKeys.get(nameOf(keyId));
    if (stored === undefined) return "missing";
    apiKeys.set(nameOf(keyId), copyOf(to(stored)));
    return "done";
  };
  return {
    async get(keyId) {
      const stored = apiKeys.get(nameOf(keyId));
      return stored === undefined ? undefined : copyOf(stored);
    },
    async create(apiKey) {
      if (apiKeys.has(nameOf(apiKey.keyId))) throw new Error("the API key exists");
      apiKeys.set(nameOf(apiKey.keyId), copyOf(apiKey));
    },
    async list() {
      return [...apiKeys.values()].map(copyOf);
    },
    expire: (keyId, validUntil) =>
      change(keyId, (apiKey) => ({ ...apiKey, validUntil: Math.min(validUntil, apiKey.validUntil ?? validUntil) })),
    revoke: (keyId, now) => change(keyId, (apiKey) => ({ revokedAt: now, ...apiKey })),
    async recordLastUse(keyId, day) {
      await change(keyId, (apiKey) => (day < (apiKey.lastUsedOn ?? day) ? apiKey : { ...apiKey, lastUsedOn: day }));
    },
  };
}
