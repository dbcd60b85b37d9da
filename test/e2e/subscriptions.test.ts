import { expect, test } from "@jest/globals";
import { z } from "zod";
import type { Issuer } from "./support/issuer.ts";
import { never, startProduct } from "./support/product.ts";
import { subscribe } from "./support/webhooks.ts";

const { newIssuer } = await startProduct({ tickSeconds: never, push: false });

const path = ({ organizationId }: Issuer) => `/v2/issuers/${organizationId}/subscriptions`;
const create = (issuer: Issuer, ...all: Record<string, unknown>[]) =>
  issuer.call("POST", path(issuer), {
    body: { data: all.map((attributes) => ({ type: "subscription", attributes })) },
  });

const webhookUrl = "https://example.com/webhooks";

test("created subscriptions are listed with defaults", async () => {
  const issuer = await newIssuer();
  const answer = await create(
    issuer,
    { webhookUrl },
    { webhookUrl, eventNames: ["audit.overdue"], description: "pager" },
  );
  const attributes = [
    { webhookUrl, eventNames: ["audit.closed"], enabled: true },
    { webhookUrl, eventNames: ["audit.overdue"], description: "pager", enabled: true },
  ];
  expect(answer).toMatchObject({
    status: 201,
    json: { data: attributes.map((given) => ({ type: "subscription", id: expect.any(String), attributes: given })) },
  });
  const { status, json } = await issuer.call("GET", path(issuer));
  const { data } = z.object({ data: z.array(z.looseObject({ attributes: z.unknown() })) }).parse(json);
  expect(status).toBe(200);
  expect(data.map((subscription) => subscription.attributes)).toEqual(
    expect.arrayContaining(attributes.map((given) => expect.objectContaining(given))),
  );
  expect(data).toHaveLength(2);
});

test("the signing secret is shown only in the create response", async () => {
  const issuer = await newIssuer();
  const { id, secret } = await subscribe(issuer, webhookUrl);
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32,}=*$/);
  const { text } = await issuer.call("GET", path(issuer));
  expect(text).toContain(id);
  expect(text).not.toContain("secret");
  expect(text).not.toContain(secret);
});

test("each subscription has its own secret", async () => {
  const issuer = await newIssuer();
  const secrets = [await subscribe(issuer, webhookUrl), await subscribe(issuer, webhookUrl)];
  expect(new Set(secrets.map(({ secret }) => secret)).size).toBe(2);
});

test.each([
  ["not-a-URL", "must be a URL"],
  ["https://m\u00fcnchen.example/", "must be ASCII without spaces, control characters or backslashes"],
  ["http://example.com/", "must be an https URL"],
  ["ftp://example.com/", "must be an https URL"],
  ["https://user:pass@example.com/", "must not contain a user name or password"],
  ["https://example.com/#part", "must not have a fragment"],
  ["https://example.com:8443/", "must use port 443"],
])("a webhook cannot be %s", async (refused, detail) => {
  const issuer = await newIssuer();
  expect(await create(issuer, { webhookUrl }, { webhookUrl: refused })).toMatchObject({
    status: 400,
    json: { errors: [{ status: "400", detail, source: { pointer: "/data/1/attributes/webhookUrl" } }] },
  });
  expect((await issuer.call("GET", path(issuer))).json).toEqual({ data: [] });
});

test.each([
  [{ webhookUrl, eventNames: [] }, "/data/0/attributes/eventNames"],
  [{ webhookUrl, eventNames: ["audit.opened"] }, "/data/0/attributes/eventNames/0"],
  [{ webhookUrl, enabled: "yes" }, "/data/0/attributes/enabled"],
  [{}, "/data/0/attributes/webhookUrl"],
])("%j is refused at %s", async (attributes, pointer) => {
  const issuer = await newIssuer();
  expect(await create(issuer, attributes)).toMatchObject({ status: 400, json: { errors: [{ source: { pointer } }] } });
});

test("another issuer's subscriptions are not listed", async () => {
  const [one, other] = [await newIssuer(), await newIssuer()];
  await subscribe(one, webhookUrl);
  expect((await other.call("GET", path(other))).json).toEqual({ data: [] });
});

test("an issuer can have at most 100 subscriptions", async () => {
  const issuer = await newIssuer();
  const ten = Array.from({ length: 10 }, () => ({ webhookUrl }));
  for (let made = 0; made < 100; made += 10) expect(await create(issuer, ...ten)).toMatchObject({ status: 201 });
  expect(await create(issuer, { webhookUrl })).toMatchObject({ status: 409, json: { errors: [{ status: "409" }] } });
});

const created = z.object({
  data: z.array(z.object({ id: z.string(), attributes: z.looseObject({ secret: z.string().optional() }) })),
});
const createOne = async (issuer: Issuer, attributes: Record<string, unknown>) => {
  const [one] = created.parse((await create(issuer, attributes)).json).data;
  return one ?? { id: "", attributes: {} };
};
const change = (issuer: Issuer, id: string, attributes: Record<string, unknown>) =>
  issuer.call("PATCH", `${path(issuer)}/${id}`, { body: { data: { type: "subscription", attributes } } });

test("a subscription is read, changed and deleted; missing fields stay", async () => {
  const issuer = await newIssuer();
  const filters = { auditCodes: [3005], resolutionCodes: [5004] };
  const { id } = await createOne(issuer, { webhookUrl, filters, description: "books" });
  expect(await issuer.call("GET", `${path(issuer)}/${id}`)).toMatchObject({
    status: 200,
    json: { data: { type: "subscription", id, attributes: { webhookUrl, filters, description: "books" } } },
  });
  const eventNames = ["audit.rejected"];
  const changed = await change(issuer, id, { eventNames, description: null });
  expect(changed).toMatchObject({
    status: 200,
    json: { data: { id, attributes: { webhookUrl, eventNames, filters } } },
  });
  expect(changed.text).not.toContain("books");
  const others = { auditCodes: [3006] };
  expect(await change(issuer, id, { filters: others })).toMatchObject({
    json: { data: { attributes: { filters: others } } },
  });
  expect(await issuer.call("DELETE", `${path(issuer)}/${id}`)).toMatchObject({ status: 204, text: "" });
  for (const method of ["GET", "DELETE"] as const) {
    expect(await issuer.call(method, `${path(issuer)}/${id}`)).toMatchObject({ status: 404 });
  }
  expect(await change(issuer, id, { description: "back" })).toMatchObject({ status: 404 });
});

test("another issuer's subscription gets the response of a missing one", async () => {
  const [issuer, other] = [await newIssuer(), await newIssuer()];
  const { id } = await createOne(issuer, { webhookUrl });
  const answers = [
    await other.call("GET", `${path(other)}/${id}`),
    await change(other, id, { enabled: false }),
    await other.call("DELETE", `${path(other)}/${id}`),
  ];
  const missing = await other.call("GET", `${path(other)}/00000000-0000-4000-8000-000000000000`);
  for (const answer of answers) expect(answer).toMatchObject({ status: 404, text: missing.text });
  expect(await issuer.call("GET", `${path(issuer)}/${id}`)).toMatchObject({ status: 200 });
});

test("custom headers are sent with webhooks; the API does not show their values", async () => {
  const issuer = await newIssuer();
  const { id } = await createOne(issuer, { webhookUrl, headers: { "X-Api-Key": "hush-hush" } });
  const shown = await issuer.call("GET", `${path(issuer)}/${id}`);
  expect(shown).toMatchObject({ json: { data: { attributes: { headers: { "x-api-key": "********" } } } } });
  expect(shown.text).not.toContain("hush");
});

test.each([
  [{ headers: { Host: "example.com" } }, "/data/0/attributes/headers/Host"],
  [{ headers: { "Webhook-Id": "1" } }, "/data/0/attributes/headers/Webhook-Id"],
  [{ headers: { "x-a": "caf\u00e9" } }, "/data/0/attributes/headers/x-a"],
  [{ headers: { "x a": "b" } }, "/data/0/attributes/headers/x a"],
  [
    { headers: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`x-${n}`, "v"])) },
    "/data/0/attributes/headers",
  ],
  [{ secret: "whsec_c2hvcnQ=" }, "/data/0/attributes/secret"],
  [{ secret: `whsec_${Buffer.alloc(32).toString("base64")}`, signing: "ed25519" }, "/data/0/attributes/secret"],
  [{ filters: { auditCodes: [1.5] } }, "/data/0/attributes/filters/auditCodes/0"],
  [{ filters: { auditCode: [3005] } }, "/data/0/attributes/filters/auditCode"],
])("%j is refused at %s", async (attributes, pointer) => {
  const issuer = await newIssuer();
  expect(await create(issuer, { webhookUrl, ...attributes })).toMatchObject({
    status: 400,
    json: { errors: [{ source: { pointer } }] },
  });
});

test("accepts the caller's own secret, and shows a new one after a rotation", async () => {
  const issuer = await newIssuer();
  const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
  const { id, attributes } = await createOne(issuer, { webhookUrl, secret });
  expect(attributes.secret).toBe(secret);
  const rotate = (body?: unknown) => issuer.call("POST", `${path(issuer)}/${id}/rotate-secret`, { body });
  const rotated = await rotate();
  expect(rotated).toMatchObject({ status: 200, json: { data: { id, attributes: { secret: expect.any(String) } } } });
  expect(rotated.text).not.toContain(secret);
  const own = `whsec_${Buffer.alloc(64, 8).toString("base64")}`;
  expect(await rotate({ secret: own, overlapSeconds: 0 })).toMatchObject({
    json: { data: { attributes: { secret: own } } },
  });
  expect(await rotate({ overlapSeconds: -1 })).toMatchObject({ status: 400 });
});

test("shows only the public key of an Ed25519 key pair", async () => {
  const issuer = await newIssuer();
  const { id, attributes } = await createOne(issuer, { webhookUrl, signing: "ed25519" });
  expect(attributes).toMatchObject({
    signing: "ed25519",
    publicKey: expect.stringMatching(/^whpk_[A-Za-z0-9+/]{43}=$/),
  });
  const { text } = await issuer.call("GET", `${path(issuer)}/${id}`);
  expect(text).toContain(String(attributes.publicKey));
  expect(text).not.toMatch(/whsk_|"secret"/);
});
