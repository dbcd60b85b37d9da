import { randomUUID } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { type Scope, scope } from "../../../functions/core/access/api-key.ts";
import { notificationId } from "../../../functions/core/notifications/notification-id.ts";
import { auditsApiRoutes, kardWebhookRoutes, subscriptionsApiRoutes } from "../../../infra/routes.ts";
import { type ApiRoute, accessRows, callOf, type PathParameters } from "../support/access/access-rows.ts";
import { comparable, furnish, invalidCredentials, unknownKey } from "../support/access/invalid-credentials.ts";
import { type ApiResponse, call, type Issuer } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";
import { subscribe } from "../support/webhooks/webhooks.ts";

const product = await startProduct({ tickSeconds: never, push: false });
const { newIssuer, newWebhookReceiver, outputs } = product;
const receiver = await newWebhookReceiver();

const owner = await newIssuer();
const stranger = await newIssuer();
const owned = await furnish(product, owner, receiver.url);
const theirs = await furnish(product, stranger, receiver.url);

const organizations = [owner.organizationId];
const { refused, ended, revoked } = await invalidCredentials(product, owner);
const scoped = new Map<Scope, Issuer>();
for (const one of scope.options) scoped.set(one, await newIssuer({ organizations, scopes: [one] }));

const routes = Object.keys({ ...auditsApiRoutes, ...subscriptionsApiRoutes, ...kardWebhookRoutes }) as ApiRoute[];
const guarded = routes.filter((route) => accessRows[route]?.scope !== undefined);
const open = routes.filter((route) => accessRows[route]?.scope === undefined);
const cells = <Column>(of: readonly ApiRoute[], columns: readonly Column[]) =>
  of.flatMap((route) => columns.map((column) => [route, column] as const));

function request(route: ApiRoute, parameters: PathParameters, authorization: string): Promise<ApiResponse> {
  const { method, path } = callOf(route, parameters);
  const body = accessRows[route].body?.();
  const headers = { authorization };
  return call(outputs.ApiUrl, undefined, method, path, body === undefined ? { headers } : { headers, body });
}

const errors = (status: number, title: string, detail: string) => ({
  errors: [{ status: String(status), title, detail }],
});

test("every route has a row, and every row a route", () => {
  expect(Object.keys(accessRows).sort()).toEqual([...routes].sort());
  expect(guarded.length).toBeGreaterThan(15);
});

describe("a route that needs a key", () => {
  test.each(cells(guarded, Object.entries(refused)))("%s with %p", async (route, [, authorization]) => {
    const response = await request(route, owned, authorization);
    const detail = "send a valid API key: `Authorization: Bearer kat_…`";
    const json = accessRows[route].isLegacy ? { message: "Unauthorized" } : errors(401, "Unauthorized Error", detail);
    expect({ status: response.status, json: response.json }).toEqual({ status: 401, json });
    expect(comparable(response)).toEqual(comparable(await request(route, owned, "")));
  });

  test.each(cells(guarded, scope.options))("%s with a key of %s alone", async (route, only) => {
    const { scope: needed, response: fitting, isLegacy } = accessRows[route];
    const fresh = await subscribe(owner, receiver.url);
    const { status, json } = await request(
      route,
      { ...owned, subscriptionId: fresh.id },
      `Bearer ${scoped.get(only)?.apiKey}`,
    );
    await owner.call("DELETE", `/v2/issuers/${owner.organizationId}/subscriptions/${fresh.id}`);
    const detail = `this API key lacks the scope ${needed}`;
    const forbidden = { status: 403, json: isLegacy ? detail : errors(403, "Forbidden", detail) };
    expect({ status, json }).toEqual(needed === only || needed === "any" ? fitting : forbidden);
  });

  test.each(guarded)("%s with a key of another issuer", async (route) => {
    const response = await request(route, owned, `Bearer ${stranger.apiKey}`);
    const { response: fitting, isLegacy } = accessRows[route];
    const missing = isLegacy
      ? "there is no such audit"
      : errors(404, "Does Not Exist Error", "there is no such issuer");
    // These routes name no issuer: the caller files its own audit, or reads its own rights.
    const expected =
      route === "POST /transactions/audit" || route === "GET /v2/caller" ? fitting : { status: 404, json: missing };
    expect({ status: response.status, json: response.json }).toEqual(expected);
  });
});

describe("an open route", () => {
  const columns = { ...refused, "a key that works": `Bearer ${owner.apiKey}` };
  test.each(cells(open, Object.entries(columns)))("%s with %p", async (route, [, authorization]) => {
    const { status, json } = await request(route, owned, authorization);
    expect({ status, json }).toEqual(accessRows[route].response);
  });
});

describe("another issuer's data gets the same response as missing data, byte for byte", () => {
  const key = `Bearer ${owner.apiKey}`;
  const ofResources = guarded.filter((route) => /\{(audit|subscription|notification)Id\}/.test(route));

  test.each(ofResources)("%s, under the caller's own path", async (route) => {
    const { organizationId } = owned;
    const ids = { auditId: randomUUID(), subscriptionId: randomUUID() };
    const missing = { ...theirs, ...ids, organizationId, notificationId: notificationId({ ...ids, sequence: 1 }) };
    const response = await request(route, { ...theirs, organizationId }, key);
    expect(response.status).toBe(404);
    expect(comparable(response)).toEqual(comparable(await request(route, missing, key)));
  });

  test.each(guarded.filter((route) => route.includes("{organizationId}")))(
    "%s, under its issuer's path",
    async (route) => {
      const response = await request(route, theirs, key);
      expect(response.status).toBe(404);
      const nobody = { ...theirs, organizationId: `organization-${randomUUID()}` };
      expect(comparable(response)).toEqual(comparable(await request(route, nobody, key)));
    },
  );

  test("POST /transactions/audit, named by X-Kard-Target-Issuer", async () => {
    const body = accessRows["POST /transactions/audit"].body?.();
    const post = (issuer: string) =>
      owner.call("POST", "/transactions/audit", { body, headers: { "x-kard-target-issuer": issuer } });
    const response = await post(stranger.organizationId);
    expect(response.status).toBe(404);
    expect(comparable(response)).toEqual(comparable(await post(`organization-${randomUUID()}`)));
  });

  test("the other issuer's data is unchanged", async () => {
    const { json } = await stranger.call("GET", `/v2/issuers/${stranger.organizationId}/subscriptions`);
    const { data } = z
      .object({ data: z.array(z.looseObject({ id: z.string(), attributes: z.looseObject({}) })) })
      .parse(json);
    expect(data.map(({ id }) => id)).toEqual([theirs.subscriptionId]);
    expect(data[0]?.attributes).not.toHaveProperty("description");
    expect((await stranger.audit(theirs.auditId)).attributes.notifications).toMatchObject([{ status: "delivered" }]);
  });
});

describe("the cost of a refusal", () => {
  const tableCalls = async (authorization: string) => {
    product.stack.clearCalls();
    await request("GET /v2/issuers/{organizationId}/audits", owned, authorization);
    return product.stack.calls.filter(({ service, caller }) => service === "dynamodb" && caller === "function").length;
  };

  test.each([
    "no key",
    "a malformed key",
    "a key with a bad checksum",
    "an identity token without a configured provider",
  ])("%s costs no read", async (what) => {
    expect(await tableCalls(refused[what] ?? "")).toBe(0);
  });

  test("an unknown key costs one read", async () => {
    expect(await tableCalls(`Bearer ${unknownKey()}`)).toBe(1);
  });
});

test("no log contains a key or its secret", () => {
  const written = product.stack.logs.map(({ line }) => line).join("\n");
  expect(written).toContain("audits-api");
  for (const { apiKey } of [owner, stranger, ended, revoked, ...scoped.values()]) {
    expect(written).not.toContain(apiKey.slice(17, 49));
  }
});
