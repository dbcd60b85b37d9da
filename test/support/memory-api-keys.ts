import type { ApiKeyStore } from "../../functions/core/ports.ts";
import { copyOf, type MemoryState, nameOf } from "./memory-state.ts";

/** API keys in memory. */
export function memoryApiKeys({ apiKeys }: MemoryState): ApiKeyStore {
  return {
    async get(keyId) {
      const stored = apiKeys.get(nameOf(keyId));
      return stored === undefined ? undefined : copyOf(stored);
    },
    async create(apiKey) {
      if (apiKeys.has(nameOf(apiKey.keyId))) throw new Error("the API key exists");
      apiKeys.set(nameOf(apiKey.keyId), copyOf(apiKey));
    },
  };
}
