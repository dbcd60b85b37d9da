import { expect, test } from "@jest/globals";
import { issueToken } from "../../../functions/audits-api/issue-token.ts";
import { readTokenRequest } from "../../../functions/audits-api/token-input.ts";
import { issueApiKey } from "../../../functions/core/access/api-key.ts";
import { cacheApiKeys } from "../../../functions/core/access/api-key-cache.ts";
import { authenticator } from "../../../functions/core/access/authenticate.ts";
import { HttpError } from "../../../functions/platform/http-error.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";

const grant = { organizations: ["org-1", "org-2"], scopes: ["audit:read" as const], validUntil: noon + 90_000 };
const { text: key, apiKey } = issueApiKey(grant, (count) => Buffer.alloc(count, 7), noon);
const { text: unknown, apiKey: unknownKey } = issueApiKey(grant, (count) => Buffer.alloc(count, 9), noon);

async function start(retryAfter?: number) {
  const world = fakeWorld();
  await world.apiKeys.create(apiKey);
  const authenticate = authenticator({
    identify: [cacheApiKeys({ ...world, runInBackground: () => undefined })],
    limitCaller: () => retryAfter,
    limitIssuer: () => undefined,
  });
  return { ...world, authenticate };
}

const statusOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof HttpError ? error.statusCode : undefined;
};

const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
const form = (text: string, headers: Record<string, string> = {}) =>
  readTokenRequest({ headers, body: { bytes: Buffer.from(text), contentType: "application/x-www-form-urlencoded" } });
const json = (value: unknown) =>
  readTokenRequest({
    headers: {},
    body: { bytes: Buffer.from(JSON.stringify(value)), contentType: "application/json" },
  });

const credentials = { clientId: "id", clientSecret: "se:cret" };

test("the credentials can be in JSON, in a Basic header with a form, or in the form", () => {
  expect(json({ client_id: "id", client_secret: "se:cret" })).toEqual(credentials);
  expect(json({ client_id: "id", client_secret: "se:cret", grant_type: "client_credentials" })).toEqual(credentials);
  const authorization = basic("id", "se:cret");
  expect(form("grant_type=client_credentials", { authorization })).toEqual(credentials);
  expect(form("grant_type=client_credentials&client_id=id&client_secret=se%3Acret")).toEqual(credentials);
  expect(form("client_id=id&client_secret=se%3Acret")).toEqual(credentials);
});

test.each([
  ["another grant", () => form("grant_type=password", { authorization: basic("id", "s") })],
  ["no grant", () => form("", { authorization: basic("id", "s") })],
  ["no header", () => form("grant_type=client_credentials")],
  ["another grant in JSON", () => json({ client_id: "id", client_secret: "s", grant_type: "password" })],
  ["no secret", () => json({ client_id: "id" })],
])("a request with %s gets 400", async (_, read) => {
  expect(await statusOf(Promise.resolve().then(read))).toBe(400);
});

test("the token is the key, valid as long as the key", async () => {
  const { authenticate, clock } = await start();
  const client = { clientId: apiKey.keyId, clientSecret: key };
  expect(await issueToken({ authenticate, clock })(client, undefined)).toEqual({
    access_token: key,
    expires_in: 90,
    token_type: "Bearer",
  });
});

test("a token for one issuer works only for that issuer", async () => {
  const { authenticate, clock } = await start();
  const client = { clientId: apiKey.keyId, clientSecret: key };
  const { access_token: token } = await issueToken({ authenticate, clock })(client, "org-2");
  expect(await authenticate(`Bearer ${token}`)).toMatchObject({
    outcome: "known",
    caller: { organizations: ["org-2"] },
  });
  expect(await authenticate(`Bearer ${key}~${Buffer.from("org-3").toString("base64url")}`)).toEqual({
    outcome: "unknown",
  });
});

test.each([
  ["an unknown key", { clientId: unknownKey.keyId, clientSecret: unknown }, undefined, 401],
  ["the id of another key", { clientId: unknownKey.keyId, clientSecret: key }, undefined, 401],
  ["a text that is no key", { clientId: apiKey.keyId, clientSecret: "secret" }, undefined, 401],
  ["an issuer that is not the key's", { clientId: apiKey.keyId, clientSecret: key }, "org-3", 404],
])("%s gets no token", async (_, client, issuer, status) => {
  expect(await statusOf(issueToken(await start())(client, issuer))).toBe(status);
});

test("a revoked key gets no token within a minute, and its tokens end with it", async () => {
  const world = await start();
  const client = { clientId: apiKey.keyId, clientSecret: key };
  const { access_token: token } = await issueToken(world)(client, "org-1");
  await world.apiKeys.revoke(apiKey.keyId, noon);
  world.time.advance(60_001);
  expect(await statusOf(issueToken(world)(client, undefined))).toBe(401);
  expect(await world.authenticate(`Bearer ${token}`)).toEqual({ outcome: "unknown" });
});

test("token requests count towards the key's limit", async () => {
  const client = { clientId: apiKey.keyId, clientSecret: key };
  expect(await statusOf(issueToken(await start(7))(client, undefined))).toBe(429);
});
