import { createHmac, createPublicKey } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import type { JWTPayload } from "jose";
import { noon } from "../../../support/fake-clock.ts";
import { newSigner } from "../../../support/identity-server.ts";
import { claims, signer, trust, trustedProvider } from "./trusted-provider.ts";

const provider = trustedProvider();

const without = (name: string): JWTPayload =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

test("a token authenticates for its organization and scopes", async () => {
  expect(await provider.identify(await signer.sign(claims))).toEqual({
    callerId: "sub:client-7",
    organizations: ["org"],
    scopes: ["audit:read", "audit:write"],
  });
});

test.each(["RS256", "PS256", "ES384", "EdDSA"])("a token signed with %s is accepted", async (alg) => {
  const kind = await newSigner("key-3", alg);
  provider.server.publish(signer.jwk, kind.jwk);
  expect(await provider.identify(await kind.sign(claims))).toBeDefined();
});

test("organizations and scopes may be lists", async () => {
  const token = await signer.sign({ ...claims, [trust.organizationsClaim]: ["a", "b"], scope: ["audit:read", "x"] });
  expect(await provider.identify(token)).toMatchObject({ organizations: ["a", "b"], scopes: ["audit:read"] });
});

test("an organization that is listed twice counts once", async () => {
  const token = await signer.sign({ ...claims, [trust.organizationsClaim]: ["a", "b", "a"] });
  expect(await provider.identify(token)).toMatchObject({ organizations: ["a", "b"] });
});

test("a token with only unknown scopes is valid, and allows nothing", async () => {
  expect(await provider.identify(await signer.sign({ ...claims, scope: "openid" }))).toMatchObject({ scopes: [] });
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
    expect(await provider.identify(await signer.sign(wrong))).toBeUndefined();
  });

  test("signed by another key with a known key's name", async () => {
    const impostor = await newSigner("key-1");
    expect(await provider.identify(await impostor.sign(claims))).toBeUndefined();
  });

  test("changed after it was signed", async () => {
    const [header, , signature] = (await signer.sign(claims)).split(".");
    const payload = encoded({ ...claims, [trust.organizationsClaim]: "victim" });
    expect(await provider.identify(`${header}.${payload}.${signature}`)).toBeUndefined();
  });

  test.each(["none", "None", "NONE"])("unsigned (alg %s)", async (alg) => {
    for (const header of [{ alg }, { alg, kid: "key-1" }]) {
      for (const signature of ["", "AA"]) {
        expect(await provider.identify(`${encoded(header)}.${encoded(claims)}.${signature}`)).toBeUndefined();
      }
    }
  });

  test("signed with the public key as a shared secret (HS256)", async () => {
    const rsa = await newSigner("key-1", "RS256");
    provider.server.publish(rsa.jwk);
    const publicKey = createPublicKey({ key: rsa.jwk as never, format: "jwk" });
    const secrets = [
      publicKey.export({ type: "spki", format: "pem" }),
      publicKey.export({ type: "spki", format: "der" }),
      JSON.stringify(rsa.jwk),
    ];
    expect(await provider.identify(await rsa.sign(claims))).toBeDefined();
    for (const header of [{ alg: "HS256", kid: "key-1" }, { alg: "HS256" }]) {
      for (const secret of secrets) {
        const signed = `${encoded(header)}.${encoded(claims)}`;
        const signature = createHmac("sha256", secret).update(signed).digest("base64url");
        expect(await provider.identify(`${signed}.${signature}`)).toBeUndefined();
      }
    }
  });

  test("signed with a secret that the provider publishes by mistake", async () => {
    const secret = Buffer.alloc(32, 7);
    provider.server.publish({ kty: "oct", k: secret.toString("base64url"), kid: "shared", alg: "HS256" });
    const signed = `${encoded({ alg: "HS256", kid: "shared" })}.${encoded(claims)}`;
    const signature = createHmac("sha256", secret).update(signed).digest("base64url");
    expect(await provider.identify(`${signed}.${signature}`)).toBeUndefined();
  });

  test("signed by an algorithm that is not on the list, although the provider publishes a key for it", async () => {
    const novel = await newSigner("key-4", "ML-DSA-44");
    provider.server.publish(novel.jwk);
    expect(await provider.identify(await novel.sign(claims))).toBeUndefined();
  });

  test.each(["..", "a.b.c", "a.b", `${encoded({ alg: "ES256" })}.e30.`, ""])("malformed: %p", async (text) => {
    expect(await provider.identify(text)).toBeUndefined();
  });
});
