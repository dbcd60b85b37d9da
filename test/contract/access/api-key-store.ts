import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ApiKey } from "../../../functions/core/access/api-key.ts";
import type { ApiKeyStore } from "../../../functions/core/access/ports.ts";
import { noon } from "../../support/fake-clock.ts";

export interface OpenApiKeyStore {
  apiKeys: ApiKeyStore;
  close: () => Promise<void>;
}

const apiKey: ApiKey = {
  keyId: "abcdefghijkl",
  secretHash: "0".repeat(64),
  organizations: ["org", "o#2"],
  scopes: ["audit:read"],
  createdAt: noon,
};

export function describeApiKeyStoreContract(name: string, open: () => Promise<OpenApiKeyStore>): void {
  describe(`ApiKeyStore: ${name}`, () => {
    let apiKeys: ApiKeyStore;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ apiKeys, close } = await open());
    });
    afterEach(() => close());

    test("a key is read as it was created", async () => {
      await apiKeys.create(apiKey);
      expect(await apiKeys.get(apiKey.keyId)).toEqual(apiKey);
    });

    test("an unknown key is not found", async () => {
      expect(await apiKeys.get("nonenonenone")).toBeUndefined();
    });

    test("a key never overwrites another", async () => {
      await apiKeys.create(apiKey);
      await expect(apiKeys.create({ ...apiKey, organizations: ["thief"] })).rejects.toThrow();
      expect(await apiKeys.get(apiKey.keyId)).toEqual(apiKey);
    });

    test("all keys are listed", async () => {
      const other = { ...apiKey, keyId: "bcdefghijklm", validUntil: noon + 1, description: "batch", rotatedFrom: "x" };
      expect(await apiKeys.list()).toEqual([]);
      await apiKeys.create(apiKey);
      await apiKeys.create(other);
      expect((await apiKeys.list()).sort((a, b) => (a.keyId < b.keyId ? -1 : 1))).toEqual([apiKey, other]);
    });

    test("a key's expiry can be set and moved earlier, but not later", async () => {
      await apiKeys.create(apiKey);
      for (const validUntil of [noon + 5, noon + 9, noon + 2]) {
        expect(await apiKeys.expire(apiKey.keyId, validUntil)).toBe("done");
      }
      expect(await apiKeys.get(apiKey.keyId)).toEqual({ ...apiKey, validUntil: noon + 2 });
    });

    test("a key is revoked once", async () => {
      await apiKeys.create(apiKey);
      expect(await apiKeys.revoke(apiKey.keyId, noon)).toBe("done");
      expect(await apiKeys.revoke(apiKey.keyId, noon + 1)).toBe("done");
      expect(await apiKeys.get(apiKey.keyId)).toEqual({ ...apiKey, revokedAt: noon });
    });

    test("a later day of use is recorded, an earlier one is not", async () => {
      await apiKeys.create(apiKey);
      for (const day of ["2026-03-14", "2026-03-15", "2026-03-14"]) await apiKeys.recordLastUse(apiKey.keyId, day);
      expect(await apiKeys.get(apiKey.keyId)).toEqual({ ...apiKey, lastUsedOn: "2026-03-15" });
    });

    test("no operation creates a missing key", async () => {
      expect(await apiKeys.expire(apiKey.keyId, noon)).toBe("missing");
      expect(await apiKeys.revoke(apiKey.keyId, noon)).toBe("missing");
      await apiKeys.recordLastUse(apiKey.keyId, "2026-03-14");
      expect(await apiKeys.get(apiKey.keyId)).toBeUndefined();
    });
  });
}
