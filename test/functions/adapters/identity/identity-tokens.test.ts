import { createHmac, createPublicKey } from "node:crypto";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { JWTPayload } from "jose";
import { identityTokens } from "../../../../functions/adapters/identity/identity-tokens.ts";
import type { Identify } from "../../../../functions/core/access/authenticate.ts";
import { noon } from "../../../support/fake-clock.ts";
import { newSigner, startIdentityServer } from "../../../support/identity-server.ts";

const signer = await newSigner("key-1");
const other = await newSigner("key-2");

const trust = {
  issuer: "https://id.example/",
  audience: "audits",
  organizationsClaim: "https://example.com/org",
  scopesClaim: "scope",
};
const claims = {
  iss: trust.issuer,
  aud: trust.audience,
  sub: "client-7",
  exp: noon / 1_000 + 300,
  [trust.organizationsClaim]: "org",
  scope: "audit:read openid audit:write",
};
const without = (name: string): JWTPayload =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

let server: Awaited<ReturnType<typeof startIdentityServer>>;
let identify: Identify;
let now = noon;

beforeEach(async () => {
  now = noon;
  // jose measures the age of the keys by the system clock.
  jest.spyOn(Date, "now").mockImplementation(() => now);
  server = await startIdentityServer(signer.jwk);
  identify = identityTokens({ ...trust, jwksUrl: server.jwksUrl }, () => now);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await server.stop();
});

test("a token authenticates for its organization and scopes", async () => {
  expect(await identify(await signer.sign(claims))).toEqual({
    callerId: "sub:client-7",
    organizations: ["org"],
    scopes: ["audit:read", "audit:write"],
  });
});

test.each(["RS256", "PS256", "ES384", "EdDSA"])("a token signed with %s is accepted", async (alg) => {
  const kind = await newSigner("key-3", alg);
  server.publish(signer.jwk, kind.jwk);
  expect(await identify(await kind.sign(claims))).toBeDefined();
});

test("organizations and scopes may be lists", async () => {
  const token = await signer.sign({ ...claims, [trust.organizationsClaim]: ["a", "b"], scope: ["audit:read", "x"] });
  expect(await identify(token)).toMatchObject({ organizations: ["a", "b"], scopes: ["audit:read"] });
});

test("a token with only unknown scopes is valid, and allows nothing", async () => {
  expect(await identify(await signer.sign({ ...claims, scope: "openid" }))).toMatchObject({ scopes: [] });
});

describe("a token is not valid if it is", () => {
  test.each<[what: string, claims: JWTPayload]>([
    ["of another issuer", { ...claims, iss: "https://evil.example/" }],
    ["of an issuer whose name begins like the trusted one", { ...claims, iss: `${trust.issuer}evil` }],
    ["for another audience", { ...claims, aud: "payments" }],
    ["for other audiences", { ...claims, aud: ["payments", "orders"] }],
    ["that has expired", { ...claims, exp: noon / 1_000 - 31 }],
    ["that is not valid yet", { ...claims, nbf: noon / 1_000 + 31 }],
    ["without an issuer", without("iss")],
    ["without an audience", without("aud")],
    ["without an end", without("exp")],
    ["without a subject", without("sub")],
    ["without an organization", without(trust.organizationsClaim)],
    ["without scopes", without("scope")],
    ["with an empty organization", { ...claims, [trust.organizationsClaim]: "" }],
    ["with an empty list of organizations", { ...claims, [trust.organizationsClaim]: [] }],
    ["with more organizations than anyone has", { ...claims, [trust.organizationsClaim]: Array(101).fill("org") }],
    ["with an organization that is no text", { ...claims, [trust.organizationsClaim]: { id: "org" } }],
    ["with a subject without end", { ...claims, sub: "s".repeat(256) }],
  ])("%s", async (_, wrong) => {
    expect(await identify(await signer.sign(wrong))).toBeUndefined();
  });

  test("signed by another key with a known key's name", async () => {
    const impostor = await newSigner("key-1");
    expect(await identify(await impostor.sign(claims))).toBeUndefined();
  });

  test("changed after it was signed", async () => {
    const [header, , signature] = (await signer.sign(claims)).split(".");
    const payload = encoded({ ...claims, [trust.organizationsClaim]: "victim" });
    expect(await identify(`${header}.${payload}.${signature}`)).toBeUndefined();
  });

  test.each(["none", "None", "NONE"])("unsigned (alg %s)", async (alg) => {
    for (const header of [{ alg }, { alg, kid: "key-1" }]) {
      for (const signature of ["", "AA"]) {
        expect(await identify(`${encoded(header)}.${encoded(claims)}.${signature}`)).toBeUndefined();
      }
    }
  });

  test("signed with the public key as a shared secret (HS256)", async () => {
    const rsa = await newSigner("key-1", "RS256");
    server.publish(rsa.jwk);
    const publicKey = createPublicKey({ key: rsa.jwk as never, format: "jwk" });
    const secrets = [
      publicKey.export({ type: "spki", format: "pem" }),
      publicKey.export({ type: "spki", format: "der" }),
      JSON.stringify(rsa.jwk),
    ];
    expect(await identify(await rsa.sign(claims))).toBeDefined();
    for (const header of [{ alg: "HS256", kid: "key-1" }, { alg: "HS256" }]) {
      for (const secret of secrets) {
        const signed = `${encoded(header)}.${encoded(claims)}`;
        const signature = createHmac("sha256", secret).update(signed).digest("base64url");
        expect(await identify(`${signed}.${signature}`)).toBeUndefined();
      }
    }
  });

  test("signed with a secret that the provider publishes by mistake", async () => {
    const secret = Buffer.alloc(32, 7);
    server.publish({ kty: "oct", k: secret.toString("base64url"), kid: "shared", alg: "HS256" });
    const signed = `${encoded({ alg: "HS256", kid: "shared" })}.${encoded(claims)}`;
    const signature = createHmac("sha256", secret).update(signed).digest("base64url");
    expect(await identify(`${signed}.${signature}`)).toBeUndefined();
  });

  test("signed by an algorithm that is not on the list, although the provider publishes a key for it", async () => {
    const novel = await newSigner("key-4", "ML-DSA-44");
    server.publish(novel.jwk);
    expect(await identify(await novel.sign(claims))).toBeUndefined();
  });

  test.each(["..", "a.b.c", "a.b", `${encoded({ alg: "ES256" })}.e30.`, ""])("malformed: %p", async (text) => {
    expect(await identify(text)).toBeUndefined();
  });
});

describe("the provider's keys", () => {
  test("are fetched once for many tokens, and again after ten minutes", async () => {
    for (let i = 0; i < 5; i++) await identify(await signer.sign(claims));
    expect(server.requests()).toBe(1);
    now += 600_001;
    await identify(await signer.sign({ ...claims, exp: now / 1_000 + 300 }));
    expect(server.requests()).toBe(2);
  });

  test("are fetched for an unknown key once per half minute, for any number of tokens", async () => {
    await identify(await signer.sign(claims));
    for (let i = 0; i < 5; i++) expect(await identify(await other.sign(claims))).toBeUndefined();
    expect(server.requests()).toBe(1);
    server.publish(signer.jwk, other.jwk);
    now += 30_001;
    expect(await identify(await other.sign(claims))).toBeDefined();
    expect(server.requests()).toBe(2);
  });

  test("are not fetched for a text that is not a token", async () => {
    await identify("kat_a_b");
    expect(server.requests()).toBe(0);
  });

  test("if unavailable, cause an error, and the next try fetches them again", async () => {
    server.respondWith(503);
    await expect(identify(await signer.sign(claims))).rejects.toThrow();
    server.respondWith(200);
    expect(await identify(await signer.sign(claims))).toBeDefined();
    const unreachable = identityTokens({ ...trust, jwksUrl: "http://127.0.0.1:1/" }, () => now);
    await expect(unreachable(await signer.sign(claims))).rejects.toThrow();
  });
});
