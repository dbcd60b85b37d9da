import { expect, test } from "@jest/globals";
import { request } from "undici";
import { auditFields } from "../support/issuer.ts";
import { audit, auditsOf, hostAt, subscriptionOf, subscriptionsOf } from "../support/kard/kard-requests.ts";
import { kardSdk } from "../support/kard/kard-sdk.ts";
import {
  kardAuditStatus,
  kardAudits,
  kardErrors,
  kardPing,
  kardSubscription,
  kardSubscriptions,
  kardToken,
} from "../support/kard/kard-sdk-shapes.ts";
import { startProduct } from "../support/product.ts";

// Requests as Kard's SDKs send them, and responses as they type them.

const { newIssuer, outputs, kard, auditsAtKard } = await startProduct({ push: false });

const hostOf = hostAt(outputs.ApiUrl);

test("a token: by a JSON body, by a Basic header and a form, for one issuer of several; and Kard's errors", async () => {
  const issuer = await newIssuer({ organizations: ["several-1", "several-2"] });
  const { url, clientId, clientSecret } = hostOf(issuer);
  const post = async (headers: Record<string, string>, body: string) => {
    const response = await request(`${url}/v2/auth/token`, { method: "POST", headers, body });
    return { status: response.statusCode, json: await response.body.json() };
  };
  const json = { "content-type": "application/json" };
  const formType = { "content-type": "application/x-www-form-urlencoded" };
  const basic = (secret: string) => ({
    authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`,
    ...formType,
  });
  const credentials = JSON.stringify({ client_id: clientId, client_secret: clientSecret });
  for (const { status, json: granted } of [
    await post(json, credentials),
    await post(basic(clientSecret), "grant_type=client_credentials"),
    // Kard's SDK for Go.
    await post(formType, `client_id=${clientId}&client_secret=${clientSecret}`),
  ]) {
    expect(status).toBe(200);
    expect(kardToken.parse(granted).expires_in).toBe(3_600);
  }

  const restricted = await post({ ...json, "x-kard-target-issuer": "several-2" }, credentials);
  const { access_token: token } = kardToken.parse(restricted.json);
  const legacy = { ...auditFields(), preferredContactEmail: "a@example.com", issuer: "Bank" };
  const filed = await request(`${url}/transactions/audit`, {
    ...{ method: "POST", headers: { ...json, authorization: `Bearer ${token}` }, body: JSON.stringify(legacy) },
  });
  expect({ status: filed.statusCode, body: await filed.body.json() }).toMatchObject({ status: 201 });
  expect(auditsAtKard(legacy.transactionId)).toMatchObject([{ organizationId: "several-2" }]);

  for (const [status, response] of [
    [400, await post(basic(clientSecret), "grant_type=password")],
    [400, await post(formType, "grant_type=client_credentials")],
    [401, await post(basic("kat_wrong"), "grant_type=client_credentials")],
    [404, await post({ ...json, "x-kard-target-issuer": "another" }, credentials)],
  ] as const) {
    expect(response.status).toBe(status);
    kardErrors.parse(response.json);
  }
});

test("Kard's subscriptions: created, listed, read and changed in Kard's shape", async () => {
  const issuer = await newIssuer();
  const client = kardSdk(hostOf(issuer));
  const path = subscriptionsOf(issuer.organizationId);
  const attributes = { eventName: "auditUpdate", webhookUrl: "https://issuer.example/kard", enabled: true };
  const created = await client.call("POST", path, subscriptionOf(attributes));
  expect(created.status).toBe(201);
  const [{ id } = { id: "" }] = kardSubscriptions.parse(created.json).data;
  await issuer.call("POST", path, { body: subscriptionOf({ webhookUrl: attributes.webhookUrl }) });
  const repeated = await client.call("POST", path, subscriptionOf(attributes));
  expect(repeated.status).toBe(409);
  expect(kardErrors.parse(repeated.json).errors).toMatchObject([
    { source: { pointer: "/data/0/attributes/webhookUrl" }, detail: expect.stringContaining(id) },
  ]);

  const all = kardSubscriptions.parse((await client.call("GET", path)).json).data;
  expect(all).toHaveLength(2);
  const kards = kardSubscriptions.parse((await client.call("GET", `${path}?filter%5BeventName%5D=auditUpdate`)).json);
  expect(kards.data).toEqual([{ type: "subscription", id, attributes }]);
  expect(kardSubscription.parse((await client.call("GET", `${path}/${id}`)).json).data.attributes).toEqual(attributes);
  const change = { data: { type: "subscription", attributes: { eventName: "auditUpdate", enabled: false } } };
  const changed = kardSubscription.parse((await client.call("PATCH", `${path}/${id}`, change)).json);
  expect(changed.data).toEqual({ type: "subscription", id, attributes: { ...attributes, enabled: false } });

  const unsent = await client.call("POST", path, subscriptionOf({ ...attributes, eventName: "earnedRewardApproved" }));
  expect(unsent.status).toBe(400);
  expect(kardErrors.parse(unsent.json).errors).toMatchObject([
    { source: { pointer: "/data/0/attributes/eventName" }, detail: expect.stringContaining("auditUpdate") },
  ]);
});

test.each([
  ["audits", "filter[kardId]"],
  ["audits", "sort"],
  ["audits", "page[number]"],
  ["subscriptions", "page[size]"],
  ["subscriptions", "sort"],
  ["notifications", "filter[audit]"],
  ["notifications", "sort"],
])("a list of %s refuses the unknown parameter %s", async (list, parameter) => {
  const issuer = await newIssuer();
  const query = `${encodeURIComponent(parameter)}=x`;
  const { status, json } = await kardSdk(hostOf(issuer)).call(
    "GET",
    `/v2/issuers/${issuer.organizationId}/${list}?${query}`,
  );
  expect(status).toBe(400);
  expect(kardErrors.parse(json).errors).toMatchObject([{ source: { parameter } }]);
});

test("any integer is an audit code, in a create and in a filter; Kard's refusal is passed on", async () => {
  const issuer = await newIssuer();
  const client = kardSdk(hostOf(issuer));
  const { status, json } = await client.call(
    "POST",
    auditsOf(issuer.organizationId),
    audit(auditFields({ auditCode: 3007 })),
  );
  expect(status).toBe(400);
  expect(kardErrors.parse(json).errors).toMatchObject([{ source: { pointer: "/data/0/attributes/auditCode" } }]);
  const codes = new URLSearchParams({ "filter[auditCode]": "3007,-1,1234567890" });
  const listed = await client.call("GET", `/v2/issuers/${issuer.organizationId}/audits?${codes}`);
  expect(listed).toMatchObject({ status: 200, json: { data: [{ attributes: { auditCode: 3007 } }] } });
  const attributes = { webhookUrl: "https://issuer.example/kard", filters: { auditCodes: [3007] } };
  expect(await client.call("POST", subscriptionsOf(issuer.organizationId), subscriptionOf(attributes))).toMatchObject({
    status: 201,
  });
});

test("a 207 that took nothing, and a 202, are read as a success with a list", async () => {
  const issuer = await newIssuer();
  const client = kardSdk(hostOf(issuer));
  const refused = ["refuse-400-a", "refuse-404-b"].map((transactionId) => ({
    ...{ type: "audit", attributes: auditFields({ transactionId }) },
  }));
  const mixed = await client.call("POST", auditsOf(issuer.organizationId), { data: refused });
  expect({ status: mixed.status, data: kardAudits.parse(mixed.json).data }).toEqual({ status: 207, data: [] });
  kard.configure({ failNext: [{ route: "create", kind: "status429" }] });
  const waiting = await client.call("POST", auditsOf(issuer.organizationId), audit());
  expect({ status: waiting.status, data: kardAudits.parse(waiting.json).data }).toMatchObject({
    status: 202,
    data: [{}],
  });
});

test("the status of an audit has every field that Kard's schema requires, and the ping answers as Kard's", async () => {
  const issuer = await newIssuer();
  const client = kardSdk(hostOf(issuer));
  const id = await issuer.file({});
  const { json } = await client.call("GET", `/transactions/audit/${id}`);
  expect(kardAuditStatus.parse(json)).toMatchObject({ _id: id, status: "NEW", preferredContactEmail: "" });
  const ping = await request(`${outputs.ApiUrl}/v2/ping`);
  expect(ping.statusCode).toBe(200);
  kardPing.parse(await ping.body.json());
});
