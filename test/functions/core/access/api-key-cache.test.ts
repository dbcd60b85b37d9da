import { randomBytes } from "node:crypto";
import { expect, test } from "@jest/globals";
import { issueApiKey } from "../../../../functions/core/access/api-key.ts";
import { cacheApiKeys } from "../../../../functions/core/access/api-key-cache.ts";
import { noon } from "../../../support/fake-clock.ts";
import { grant, none, start } from "./cached-api-key.ts";

test("a key authenticates its caller with its rights", async () => {
  const { identify, text, apiKey } = await start();
  expect(await identify(text)).toEqual({ callerId: apiKey.keyId, ...grant });
});

test.each(["", "kat_", "kat_x_y", `${none}00000000`])("%p is not valid and costs no read", async (text) => {
  const { identify, calls } = await start();
  expect(await identify(text)).toBeUndefined();
  expect(calls.reads).toBe(0);
});

test("an unknown key is not valid", async () => {
  const { identify } = await start();
  expect(await identify(issueApiKey(grant, randomBytes, noon).text)).toBeUndefined();
});

test("another secret for a known key id is not valid, even while the key is cached", async () => {
  const { identify, text, apiKey, calls } = await start();
  await identify(text);
  const sameId = (count: number) =>
    count === 12
      ? Buffer.from(Array.from(apiKey.keyId, (c) => "abcdefghijklmnopqrstuvwxyz234567".indexOf(c)))
      : randomBytes(count);
  const forged = issueApiKey(grant, sameId, noon);
  expect(forged.apiKey.keyId).toBe(apiKey.keyId);
  expect(await identify(forged.text)).toBeUndefined();
  expect(calls.reads).toBe(1);
});

test("a key is read once a minute", async () => {
  const { identify, text, world, calls } = await start();
  await identify(text);
  world.time.advance(60_000);
  await identify(text);
  expect(calls.reads).toBe(1);
  world.time.advance(1);
  await identify(text);
  expect(calls.reads).toBe(2);
});

test("concurrent requests share one read, and a failed read is repeated", async () => {
  const { world, text } = await start();
  let reads = 0;
  const get = async (keyId: string) => {
    if (++reads === 1) throw new Error("throttled");
    return world.apiKeys.get(keyId);
  };
  const identify = cacheApiKeys({
    clock: world.clock,
    runInBackground: () => undefined,
    apiKeys: { ...world.apiKeys, get },
  });
  const asked = await Promise.allSettled([identify(text), identify(text)]);
  expect(asked.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await identify(text)).toBeDefined();
  expect(reads).toBe(2);
});

test("a thousand keys are cached, and the least recently used is dropped", async () => {
  const { world, identify, calls } = await start();
  const texts: string[] = [];
  for (let n = 0; n < 1_001; n++) {
    const { text, apiKey } = issueApiKey(grant, randomBytes, noon);
    await world.apiKeys.create(apiKey);
    texts.push(text);
    await identify(text);
  }
  await identify(texts[1] ?? "");
  expect(calls.reads).toBe(1_001);
  await identify(texts[0] ?? "");
  expect(calls.reads).toBe(1_002);
});

test("a revoked key stops working after a minute", async () => {
  const { identify, text, world, apiKey } = await start();
  await identify(text);
  await world.apiKeys.revoke(apiKey.keyId, noon);
  expect(await identify(text)).toBeDefined();
  world.time.advance(60_001);
  expect(await identify(text)).toBeUndefined();
  expect(await identify(text)).toBeUndefined();
});

test("narrower scopes apply after a minute", async () => {
  const { identify, text, world, apiKey } = await start();
  await identify(text);
  for (const name of world.state.apiKeys.keys()) world.state.apiKeys.set(name, { ...apiKey, scopes: [] });
  world.time.advance(60_001);
  expect(await identify(text)).toMatchObject({ scopes: [] });
});

test("a key revoked by a clock that is ahead is not valid", async () => {
  const { identify, text, world, apiKey } = await start();
  await world.apiKeys.revoke(apiKey.keyId, noon + 3_600_000);
  expect(await identify(text)).toBeUndefined();
});

test("a key expires to the millisecond, even while it is cached", async () => {
  const { identify, text, world, calls } = await start({ validUntil: noon + 1_000 });
  world.time.advance(999);
  expect(await identify(text)).toBeDefined();
  world.time.advance(1);
  expect(await identify(text)).toBeUndefined();
  expect(calls.reads).toBe(1);
});
