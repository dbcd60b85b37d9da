import { afterAll, describe, expect, test } from "@jest/globals";
import { synthesize } from "../../infra/local/synthesize.ts";
import { newSigner, startIdentityServer } from "../support/identity-server.ts";
import { call, issuerWith } from "./support/issuer.ts";
import { never, startProduct } from "./support/product.ts";

const signer = await newSigner("key-1");
const server = await startIdentityServer(signer.jwk);
afterAll(() => server.stop());

const identityProvider = {
  issuer: "https://id.example/",
  audience: "audits",
  jwksUrl: server.jwksUrl,
  organizationsClaim: "organizations",
};
const { newIssuer, outputs } = await startProduct({
  tickSeconds: never,
  push: false,
  synthesize,
  context: { callerRequestsPerSecond: "1", identityProvider: JSON.stringify(identityProvider) },
});

/** A token of the provider for `organization-1`, valid for five minutes. */
const token = (sub: string, claims: object = {}) =>
  signer.sign({
    ...{ iss: identityProvider.issuer, aud: identityProvider.audience, sub },
    exp: Math.floor(Date.now() / 1_000) + 300,
    organizations: ["organization-1", "organization-2"],
    scope: "audit:read",
    ...claims,
  });
const audits = "/v2/issuers/organization-1/audits";

describe("where an identity provider is trusted", () => {
  test("its tokens act for their organizations, as far as their scopes go", async () => {
    const issuer = issuerWith(outputs.ApiUrl, "organization-1", await token("one"));
    expect(await issuer.call("GET", audits)).toMatchObject({ status: 200, json: { data: [] } });
    expect(await issuer.call("GET", audits.replace("1", "2"))).toMatchObject({ status: 200 });
    expect(await issuer.call("GET", audits.replace("1", "3"))).toMatchObject({ status: 404 });
    expect(await issuer.call("GET", "/v2/issuers/organization-1/subscriptions")).toMatchObject({ status: 403 });
  });

  test("a token that is off is answered, byte for byte, like no key", async () => {
    const refused = [
      await token("two", { aud: "payments" }),
      await token("two", { exp: 1 }),
      await token("two", { organizations: undefined }),
      await (await newSigner("key-9")).sign({}),
    ];
    const { text: none } = await call(outputs.ApiUrl, undefined, "GET", audits);
    for (const bad of refused)
      expect(await call(outputs.ApiUrl, bad, "GET", audits)).toMatchObject({ status: 401, text: none });
  });

  test("API keys work as ever", async () => {
    const issuer = await newIssuer();
    expect(await issuer.call("GET", `/v2/issuers/${issuer.organizationId}/audits`)).toMatchObject({ status: 200 });
  });
});

describe("who makes more requests than are allowed", () => {
  test.each(["a key", "a token"])("by %s is told to wait, and others are not", async (kind) => {
    const [apiKey, other] =
      kind === "a key"
        ? [
            await newIssuer({ organizations: ["organization-1"] }),
            await newIssuer({ organizations: ["organization-1"] }),
          ].map((issuer) => issuer.apiKey)
        : [await token("hasty"), await token("calm")];
    let admitted = 0;
    let answer = await call(outputs.ApiUrl, apiKey, "GET", audits);
    for (; answer.status === 200 && admitted < 100; admitted++)
      answer = await call(outputs.ApiUrl, apiKey, "GET", audits);
    expect(admitted).toBeGreaterThanOrEqual(10);
    expect(answer).toMatchObject({
      status: 429,
      headers: { "retry-after": expect.stringMatching(/^([1-9]|10)$/) },
      json: {
        errors: [
          { status: "429", title: "Too Many Requests", detail: "this API key makes too many requests; slow down" },
        ],
      },
    });
    expect(await call(outputs.ApiUrl, other, "GET", audits)).toMatchObject({ status: 200 });
  });
});
