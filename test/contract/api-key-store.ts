import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ApiKey } from "../../functions/core/api-key.ts";
import type { ApiKeyStore } from "../../functions/core/ports.ts";
import { noon } from "../support/fake-clock.ts";

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

    test("a key is read back as it was", async () => {
      await apiKeys.create(apiKey);
      expect(await apiKeys.get(apiKey.keyId)).toEqual(apiKey);
    });

    test("a key that was never made is not there", async () => {
      expect(await apiKeys.get("nonenonenone")).toBeUndefined();
    });

    test("a key is never made over another", async () => {
      await apiKeys.create(apiKey);
      await expect(apiKeys.create({ ...apiKey, organizations: ["thief"] })).rejects.toThrow();
      expect(await apiKeys.get(apiKey.keyId)).toEqual(apiKey);
    });
  });
}
