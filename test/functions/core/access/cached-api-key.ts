import { randomBytes } from "node:crypto";
import { type ApiKeyGrant, issueApiKey } from "../../../../functions/core/access/api-key.ts";
import { cacheApiKeys } from "../../../../functions/core/access/api-key-cache.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";

export const grant = { organizations: ["org"], scopes: ["audit:read" as const] };
export const none = `kat_${"a".repeat(12)}_${"a".repeat(32)}`;

export async function start(given: Partial<ApiKeyGrant> = {}) {
  const world = fakeWorld();
  const { text, apiKey } = issueApiKey({ ...grant, ...given }, randomBytes, noon);
  await world.apiKeys.create(apiKey);
  const { get, recordLastUse } = world.apiKeys;
  const calls = { reads: 0, notes: 0 };
  const underWay: Promise<unknown>[] = [];
  const identify = cacheApiKeys({
    clock: world.clock,
    runInBackground: (work) => underWay.push(work),
    apiKeys: {
      get(keyId) {
        calls.reads++;
        return get(keyId);
      },
      recordLastUse(keyId, day) {
        calls.notes++;
        return recordLastUse(keyId, day);
      },
    },
  });
  return { world, text, apiKey, identify, calls, runInBackground: () => Promise.all(underWay) };
}
