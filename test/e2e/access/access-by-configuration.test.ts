import { createHmac } from "node:crypto";
import { afterAll, describe, expect, test } from "@jest/globals";
import { synthesize } from "../../../infra/local/synthesize.ts";
import { newSigner, startIdentityServer } from "../../support/identity-server.ts";
import { type ApiResponse, call, issuerWith } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";

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
  context: {
    callerRequestsPerSecond: "1",
    issuerRequestsPerSecond: "6",
    identityProvider: JSON.stringify(identityProvider),
  },
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

describe("with an identity provider", () => {
  test("its tokens act for their organizations within their scopes", async () => {
    const issuer = issuerWith(outputs.ApiUrl, "organization-1", await token("one"));
    expect(await issuer.call("GET", audits)).toMatchObject({ status: 200, json: { data: [] } });
    expect(await issuer.call("GET", audits.replace("1", "2"))).toMatchObject({ status: 200 });
    expect(await issuer.call("GET", audits.replace("1", "3"))).toMatchObject({ status: 404 });
    expect(await issuer.call("GET", "/v2/issuers/organization-1/subscriptions")).toMatchObject({ status: 403 });
  });

  test("an invalid token gets the same response as a missing key, byte for byte", async () => {
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

  test("API keys still work", async () => {
    const issuer = await newIssuer();
    expect(await issuer.call("GET", `/v2/issuers/${issuer.organizationId}/audits`)).toMatchObject({ status: 200 });
  });
});

describe("a caller above the rate limit", () => {
  test.each(["a key", "a token"])("by %s gets 429 with Retry-After; others do not", async (kind) => {
    const [apiKey, other] =
      kind === "a key"
        ? [
            await newIssuer({ organizations: ["organization-1"] }),
            await newIssuer({ organizations: ["organization-1"] }),
          ].map((issuer) => issuer.apiKey)
        : [await token("hasty"), await token("calm")];
    let admitted = 0;
    let response = await call(outputs.ApiUrl, apiKey, "GET", audits);
    for (; response.status === 200 && admitted < 100; admitted++)
      response = await call(outputs.ApiUrl, apiKey, "GET", audits);
    expect(admitted).toBeGreaterThanOrEqual(10);
    expect(response).toMatchObject({
      status: 429,
      headers: { "retry-after": expect.stringMatching(/^([1-9]|10)$/) },
      json: {
        errors: [
          {
            status: "429",
            title: "Too Many Requests",
            detail: "too many requests by this API key or its issuer",
          },
        ],
      },
    });
    expect(await call(outputs.ApiUrl, other, "GET", audits)).toMatchObject({ status: 200 });
  });
});

const waits = { status: 429, headers: { "retry-after": expect.stringMatching(/^([1-9]|10)$/) } };

/** The number of equal responses in a row. */
async function countAlike(most: number, ask: (n: number) => Promise<ApiResponse>) {
  const { status } = await ask(0);
  for (let n = 1; n < most; n++) {
    const response = await ask(n);
    if (response.status !== status) return { alike: n, status, next: response };
  }
  throw new Error(`${most} were answered ${status}`);
}

test("an issuer's keys share its rate limit; other issuers have theirs", async () => {
  const organizations = ["organization-many"];
  const keys = await Promise.all(Array.from({ length: 30 }, () => newIssuer({ organizations })));
  const path = "/v2/issuers/organization-many/audits";
  const counted = await countAlike(250, async (n) => call(outputs.ApiUrl, keys[n % 30]?.apiKey, "GET", path));
  expect(counted).toMatchObject({ status: 200, next: waits });
  expect(counted.alike).toBeGreaterThanOrEqual(60);
  const other = await newIssuer({ organizations: ["organization-few"] });
  expect(await other.call("GET", "/v2/issuers/organization-few/audits")).toMatchObject({ status: 200 });
});

test("Kard's pushes have a rate limit per issuer, separate from the issuers' requests", async () => {
  const audit = { data: { type: "audit", id: "kard-unknown" } };
  const body = JSON.stringify({ data: { type: "auditUpdate", relationships: { audit } } });
  const signature = createHmac("sha256", "sandbox-webhook-key").update(body).digest("base64");
  const push = (organizationId: string, headers: Record<string, string>) =>
    call(outputs.ApiUrl, undefined, "POST", `/kard/${organizationId}/notifications`, {
      body,
      headers: { "content-type": "application/json", ...headers },
    });
  const forged = await Promise.all(
    Array.from({ length: 100 }, () => push("organization-pushed", { "notify-signature": "AAAA" })),
  );
  expect(new Set(forged.map(({ status }) => status))).toEqual(new Set([401]));
  const signed = { "notify-signature": signature };
  const counted = await countAlike(250, () => push("organization-pushed", signed));
  expect(counted).toMatchObject({ status: 200, next: waits });
  expect(counted.alike).toBeGreaterThanOrEqual(60);
  expect(await push("organization-quiet", signed)).toMatchObject({ status: 200 });
  const pushed = await newIssuer({ organizations: ["organization-pushed"] });
  expect(await pushed.call("GET", "/v2/issuers/organization-pushed/audits")).toMatchObject({ status: 200 });
});
