import { randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import { auditFields, type CallOptions, call, idsIn, issuerWith } from "./support/issuer.ts";
import { never, startProduct } from "./support/product.ts";

const { newIssuer, outputs, owner } = await startProduct({ tickSeconds: never, push: false });

const audit = { type: "audit", attributes: auditFields() };
const subscription = { type: "subscription", attributes: { webhookUrl: "https://example.com/" } };
const adopted = { type: "audit", attributes: { kardAuditId: "x" } };

/** Every call that asks for a key: its method, its path, the scope it wants and a body that fits. */
const calls = [
  ["POST", "/v2/issuers/{org}/users/user-1/audits", "audit:write", { data: [audit] }],
  ["POST", "/v2/issuers/{org}/users/user-1/audits/adopt", "audit:write", { data: [adopted] }],
  ["GET", "/v2/issuers/{org}/audits", "audit:read", undefined],
  ["GET", "/v2/issuers/{org}/audits/{id}", "audit:read", undefined],
  ["POST", "/v2/issuers/{org}/audits/{id}/refresh", "audit:write", undefined],
  ["POST", "/v2/issuers/{org}/subscriptions", "notifications:write", { data: [subscription] }],
  ["GET", "/v2/issuers/{org}/subscriptions", "notifications:read", undefined],
] as const;

const optionsFor = (body: unknown): CallOptions => (body === undefined ? {} : { body });
const unauthorized = { status: 401, json: { errors: [{ status: "401", title: "Unauthorized Error" }] } };

const unknownKey = (key: string) => {
  const [kat, keyId] = key.split("_");
  return `${kat}_${keyId}_${key.split("_")[2]?.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}`;
};

test.each([
  ["none", ""],
  ["an empty one", "Bearer "],
  ["one of another scheme", "Basic YTpi"],
  ["a text that is no key", "Bearer nonsense"],
  ["a key of Kard's kind", "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x"],
  ["a mistyped key", `Bearer ${unknownKey(owner.apiKey)}`],
  ["a key of nobody", `Bearer kat_${"a".repeat(12)}_${"a".repeat(32)}${"0".repeat(8)}`],
])("with %s nothing is answered but 401", async (_, authorization) => {
  for (const [method, path, , body] of calls) {
    const headers = { authorization: authorization.trim() === "" ? "" : authorization };
    const answer = await call(outputs.ApiUrl, undefined, method, path.replace("{org}", owner.organizationId), {
      ...optionsFor(body),
      headers,
    });
    expect(answer).toMatchObject(unauthorized);
  }
});

test("a key that was well made elsewhere is as unknown as any", async () => {
  const stranger = await newIssuer();
  const [kat, keyId, rest] = stranger.apiKey.split("_");
  const swapped = `${kat}_${owner.apiKey.split("_")[1]}_${rest}`;
  expect(keyId).toBeDefined();
  const impostor = issuerWith(outputs.ApiUrl, owner.organizationId, swapped);
  expect(await impostor.call("GET", `/v2/issuers/${owner.organizationId}/audits`)).toMatchObject(unauthorized);
});

test.each(calls)("%s %s needs the scope %s", async (method, path, scope, body) => {
  const organizations = [`organization-${randomUUID()}`];
  const all = ["audit:read", "audit:write", "notifications:read", "notifications:write"] as const;
  const poor = await newIssuer({ organizations, scopes: all.filter((other) => other !== scope) });
  const own = path.replace("{org}", organizations[0] ?? "").replace("{id}", randomUUID());
  expect(await poor.call(method, own, optionsFor(body))).toMatchObject({
    status: 403,
    json: { errors: [{ status: "403", detail: expect.stringContaining(scope) }] },
  });
  const enough = await newIssuer({ organizations, scopes: [scope] });
  expect([200, 201, 404]).toContain((await enough.call(method, own, optionsFor(body))).status);
});

test("what belongs to another issuer is answered, byte for byte, like what does not exist", async () => {
  const [one, other] = [await newIssuer(), await newIssuer()];
  const [id = ""] = idsIn(await other.create([auditFields()]));
  const { headers: sent, ...rest } = await one.call("GET", `/v2/issuers/${one.organizationId}/audits/${randomUUID()}`);
  const missing = { ...rest, headers: comparable(sent) };
  for (const [method, theirs, none] of [
    [
      "GET",
      `/v2/issuers/${one.organizationId}/audits/${id}`,
      `/v2/issuers/${one.organizationId}/audits/${randomUUID()}`,
    ],
    ["GET", `/transactions/audit/${id}`, `/transactions/audit/${randomUUID()}`],
    ["GET", `/v2/issuers/${other.organizationId}/audits/${id}`, `/v2/issuers/${randomUUID()}/audits/${id}`],
    ["GET", `/v2/issuers/${other.organizationId}/audits`, `/v2/issuers/${randomUUID()}/audits`],
    ["GET", `/v2/issuers/${other.organizationId}/subscriptions`, `/v2/issuers/${randomUUID()}/subscriptions`],
    [
      "POST",
      `/v2/issuers/${other.organizationId}/audits/${id}/refresh`,
      `/v2/issuers/${randomUUID()}/audits/${id}/refresh`,
    ],
  ] as const) {
    const answers = [await one.call(method, theirs), await one.call(method, none)];
    const [foreign, absent] = answers.map(({ headers, ...answer }) => ({ ...answer, headers: comparable(headers) }));
    expect(foreign?.status).toBe(404);
    expect(foreign).toEqual(absent);
  }
  expect(missing.status).toBe(404);
});

/** The headers that do not differ between any two answers. */
function comparable(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { "x-request-id": _, "apigw-requestid": __, date: ___, ...rest } = headers;
  return rest;
}

test("health is open to everyone", async () => {
  expect(await call(outputs.ApiUrl, undefined, "GET", "/health")).toMatchObject({
    status: 200,
    json: { status: "ok" },
  });
});
