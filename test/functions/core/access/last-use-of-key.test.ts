import { describe, expect, test } from "@jest/globals";
import { cacheApiKeys } from "../../../../functions/core/access/api-key-cache.ts";
import { noon } from "../../../support/fake-clock.ts";
import { start } from "./cached-api-key.ts";

describe("the day of a key's use", () => {
  const dayMs = 86_400_000;

  test("is recorded once a day, however often it is used", async () => {
    const { identify, text, world, apiKey, calls, runInBackground } = await start();
    for (let minutes = 0; minutes < 60; minutes++) {
      await identify(text);
      world.time.advance(60_001);
    }
    await runInBackground();
    expect(calls).toEqual({ reads: 60, notes: 1 });
    expect(await world.apiKeys.get(apiKey.keyId)).toMatchObject({ lastUsedOn: "2026-03-14" });
    world.time.advance(dayMs);
    await identify(text);
    await identify(text);
    await runInBackground();
    expect(calls.notes).toBe(2);
    expect(await world.apiKeys.get(apiKey.keyId)).toMatchObject({ lastUsedOn: "2026-03-15" });
  });

  test("is not recorded again by an environment that reads it", async () => {
    const { identify, text, world, apiKey, calls } = await start();
    await world.apiKeys.recordLastUse(apiKey.keyId, "2026-03-14");
    await identify(text);
    expect(calls.notes).toBe(0);
  });

  test("is tried once a day if it cannot be recorded, and the request succeeds", async () => {
    const { world, text } = await start();
    let tries = 0;
    const recordLastUse = async () => {
      tries++;
      throw new Error("the table is away");
    };
    const runInBackground = (work: Promise<unknown>) => void work.catch(() => undefined);
    const identify = cacheApiKeys({
      clock: world.clock,
      runInBackground,
      apiKeys: { get: world.apiKeys.get, recordLastUse },
    });
    for (let minutes = 0; minutes < 3; minutes++) {
      expect(await identify(text)).toBeDefined();
      world.time.advance(60_001);
    }
    expect(tries).toBe(1);
  });

  test("is not recorded for a wrong secret or a revoked key", async () => {
    const { identify, text, world, apiKey, calls } = await start();
    await world.apiKeys.revoke(apiKey.keyId, noon);
    await identify(text);
    expect(calls).toEqual({ reads: 1, notes: 0 });
  });
});
