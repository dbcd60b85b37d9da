import { randomBytes } from "node:crypto";
import { expect, test } from "@jest/globals";
import { issueApiKey } from "../../../functions/core/api-key.ts";
import { authenticator } from "../../../functions/core/authenticate.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";

const grant = { organizations: ["org"], scopes: ["audit:read" as const] };

async function start() {
  const world = fakeWorld();
  const { text, apiKey } = issueApiKey(grant, randomBytes, noon);
  await world.apiKeys.create(apiKey);
  let reads = 0;
  const { get } = world.apiKeys;
  world.apiKeys.get = (keyId) => {
    reads++;
    return get(keyId);
  };
  return { world, text, apiKey, authenticate: authenticator(world), reads: () => reads };
}

test.each(["Bearer", "bearer", "BEARER"])("a key that is presented as %s is known", async (scheme) => {
  const { authenticate, text, apiKey } = await start();
  expect(await authenticate(`${scheme} ${text}`)).toEqual(apiKey);
});

test.each([undefined, "", "Bearer", "Bearer ", "Basic abc", "Bearer kat_x_y"])(
  "%p is nobody and costs no read",
  async (text) => {
    const { authenticate, reads } = await start();
    expect(await authenticate(text)).toBeUndefined();
    expect(reads()).toBe(0);
  },
);

test("a key without its scheme is nobody", async () => {
  const { authenticate, text } = await start();
  expect(await authenticate(text)).toBeUndefined();
});

test("a key that does not exist is nobody", async () => {
  const { authenticate } = await start();
  expect(await authenticate(`Bearer ${issueApiKey(grant, randomBytes, noon).text}`)).toBeUndefined();
});

test("another secret under a known key id is nobody, also while the key is remembered", async () => {
  const { authenticate, text, apiKey } = await start();
  await authenticate(`Bearer ${text}`);
  const sameId = (count: number) =>
    count === 12
      ? Buffer.from(Array.from(apiKey.keyId, (c) => "abcdefghijklmnopqrstuvwxyz234567".indexOf(c)))
      : randomBytes(count);
  const forged = issueApiKey(grant, sameId, noon);
  expect(forged.apiKey.keyId).toBe(apiKey.keyId);
  expect(await authenticate(`Bearer ${forged.text}`)).toBeUndefined();
});

test("a key is read once a minute", async () => {
  const { authenticate, text, world, reads } = await start();
  await authenticate(`Bearer ${text}`);
  world.time.advance(59_999);
  await authenticate(`Bearer ${text}`);
  expect(reads()).toBe(1);
  world.time.advance(1);
  await authenticate(`Bearer ${text}`);
  expect(reads()).toBe(2);
});

test("a revoked key is nobody after a minute, and stays so", async () => {
  const { authenticate, text, world } = await start();
  await authenticate(`Bearer ${text}`);
  world.state.apiKeys.clear();
  expect(await authenticate(`Bearer ${text}`)).toBeDefined();
  world.time.advance(60_000);
  expect(await authenticate(`Bearer ${text}`)).toBeUndefined();
  expect(await authenticate(`Bearer ${text}`)).toBeUndefined();
});

test("narrower scopes are felt after a minute", async () => {
  const { authenticate, text, world, apiKey } = await start();
  await authenticate(`Bearer ${text}`);
  for (const name of world.state.apiKeys.keys()) world.state.apiKeys.set(name, { ...apiKey, scopes: [] });
  world.time.advance(60_000);
  expect(await authenticate(`Bearer ${text}`)).toMatchObject({ scopes: [] });
});
