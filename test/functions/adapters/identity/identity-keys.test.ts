import { describe, expect, test } from "@jest/globals";
import { identityTokens } from "../../../../functions/adapters/identity/identity-tokens.ts";
import { newSigner } from "../../../support/identity-server.ts";
import { claims, signer, trust, trustedProvider } from "./trusted-provider.ts";

const provider = trustedProvider();
const other = await newSigner("key-2");

describe("the provider's keys", () => {
  test("are fetched once for many tokens, and again after ten minutes", async () => {
    for (let i = 0; i < 5; i++) await provider.identify(await signer.sign(claims));
    expect(provider.server.requests()).toBe(1);
    provider.now += 600_001;
    await provider.identify(await signer.sign({ ...claims, exp: provider.now / 1_000 + 300 }));
    expect(provider.server.requests()).toBe(2);
  });

  test("are fetched for an unknown key once per half minute, for any number of tokens", async () => {
    await provider.identify(await signer.sign(claims));
    for (let i = 0; i < 5; i++) expect(await provider.identify(await other.sign(claims))).toBeUndefined();
    expect(provider.server.requests()).toBe(1);
    provider.server.publish(signer.jwk, other.jwk);
    provider.now += 30_001;
    expect(await provider.identify(await other.sign(claims))).toBeDefined();
    expect(provider.server.requests()).toBe(2);
  });

  test("are not fetched for a text that is not a token", async () => {
    await provider.identify("kat_a_b");
    expect(provider.server.requests()).toBe(0);
  });

  test("if unavailable, cause an error, and the next try fetches them again", async () => {
    provider.server.respondWith(503);
    await expect(provider.identify(await signer.sign(claims))).rejects.toThrow();
    provider.server.respondWith(200);
    expect(await provider.identify(await signer.sign(claims))).toBeDefined();
    const unreachable = identityTokens({ ...trust, jwksUrl: "http://127.0.0.1:1/" }, () => provider.now);
    await expect(unreachable(await signer.sign(claims))).rejects.toThrow();
  });
});
