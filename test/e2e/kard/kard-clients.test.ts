import { randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import { request } from "undici";
import * as z from "zod";
import { isKardSignature } from "../../../functions/core/kard/kard-signature.ts";
import { auditUpdate } from "../../support/kard/kard-contract.ts";
import { auditFields, type Issuer } from "../support/issuer.ts";
import { type KardHost, kardSdk } from "../support/kard-sdk.ts";
import {
  kardAuditStatus,
  kardAudits,
  kardErrors,
  kardPing,
  kardSubscription,
  kardSubscriptions,
  kardToken,
} from "../support/kard-sdk-shapes.ts";
import { startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";
import type { WebhookReceiver } from "../support/webhooks/webhook-receiver.ts";

// Kard's own clients against the tracker: requests as Kard's SDKs send them, responses as they type them.

const { newIssuer, newWebhookReceiver, outputs, kard, auditsAtKard } = await startProduct({ push: false });

const hostOf = ({ apiKey }: Issuer): KardHost => ({
  url: outputs.ApiUrl,
  clientId: apiKey.slice(4, 16),
  clientSecret: apiKey,
});
const auditsOf = (organizationId: string) => `/v2/issuers/${organizationId}/users/user-1/audits`;
const audit = (attributes = auditFields()) => ({ data: [{ type: "audit", attributes }] });
const subscriptionsOf = (organizationId: string) => `/v2/issuers/${organizationId}/subscriptions`;
const subscriptionOf = (attributes: object) => ({ data: [{ type: "subscription", attributes }] });
const webhookKey = "the-key-that-the-receiver-has";

/** A busy machine takes its time. */
const withinMs = 180_000;

const pushed = ({ received }: WebhookReceiver, status: string) =>
  received.find(({ body }) => auditUpdate.parse(JSON.parse(body)).data.attributes.status === status);

/** What a program sees that was written against Kard's documented API alone. */
async function program(
  host: KardHost,
  organizationId: string,
  receiver: WebhookReceiver,
  key: string,
  operator: { onSubscribed: (id: string) => Promise<void>; resolve: (transactionId: string) => void },
) {
  const client = kardSdk(host);
  const subscribed = await client.call(
    ...(["POST", subscriptionsOf(organizationId)] as const),
    subscriptionOf({ eventName: "auditUpdate", webhookUrl: receiver.url, enabled: true }),
  );
  const [subscription] = kardSubscriptions.parse(subscribed.json).data;
  await operator.onSubscribed(subscription?.id ?? "");
  const fields = auditFields();
  const created = await client.call("POST", auditsOf(organizationId), audit(fields));
  const id = kardAudits.parse(created.json).data[0]?.id ?? "";
  const status = async () => (await client.call("GET", `/transactions/audit/${id}`)).json;
  const shown = z.object({ status: z.string(), transactionId: z.string(), resolutionCode: z.int().nullish() });
  const before = shown.parse(await status());
  operator.resolve(fields.transactionId);
  const closing = await until("its end is pushed", () => pushed(receiver, "CLOSED"), withinMs);
  const push = auditUpdate.parse(JSON.parse(closing.body)).data;
  return {
    subscription: { status: subscribed.status, attributes: subscription?.attributes },
    created: created.status,
    before: { status: before.status, isSame: before.transactionId === fields.transactionId },
    after: z.object({ status: z.string(), resolutionCode: z.int() }).parse(await status()),
    push: {
      ...push.attributes,
      transactionId: push.attributes.transactionId === fields.transactionId,
      resolutionTimeStamp: typeof push.attributes.resolutionTimeStamp,
      user: push.relationships.user,
      isOfTheAudit: push.relationships.audit.data.id === id,
      isSigned: isKardSignature(key, Buffer.from(closing.body), String(closing.headers["notify-signature"])),
      // Kard's recipe for receivers.
      isSignedAsParsed: isKardSignature(
        key,
        Buffer.from(JSON.stringify(JSON.parse(closing.body))),
        String(closing.headers["notify-signature"]),
      ),
    },
  };
}

function resolveAtKard(transactionId: string): void {
  const [atKard] = auditsAtKard(transactionId);
  kard.startAudit(atKard?.id ?? "");
  kard.closeAudit(atKard?.id ?? "", { resolutionCode: 5004, resolutionDescription: "Reward dispute resolved" });
}

test("one program has the same results at Kard and, with another host and credentials, at the tracker", async () => {
  const issuer = await newIssuer();
  const receivers = [await newWebhookReceiver(), await newWebhookReceiver()] as const;
  const organizationId = `organization-${randomUUID()}`;
  const atKard = { url: kard.url, clientId: "sandbox-client", clientSecret: "sandbox-secret" };
  const first = await program(atKard, organizationId, receivers[0], "sandbox-webhook-key", {
    onSubscribed: async () => undefined,
    resolve: resolveAtKard,
  });
  const second = await program(hostOf(issuer), issuer.organizationId, receivers[1], webhookKey, {
    // The webhook key is a credential, too: whoever moves the program gives the tracker the receiver's.
    async onSubscribed(id) {
      const path = `${subscriptionsOf(issuer.organizationId)}/${id}/rotate-secret`;
      expect(await issuer.call("POST", path, { body: { webhookKey, overlapSeconds: 0 } })).toMatchObject({
        status: 200,
        json: { data: { attributes: { webhookKey } } },
      });
    },
    resolve: resolveAtKard,
  });
  const url = expect.stringMatching(/^http/);
  const withAnyUrl = ({ subscription, ...others }: typeof first) => ({
    ...others,
    subscription: { ...subscription, attributes: { ...subscription.attributes, webhookUrl: url } },
  });
  expect(second).toEqual(withAnyUrl(first));
  expect(second).toMatchObject({
    ...{
      subscription: { status: 201 },
      created: 201,
      before: { status: "NEW", isSame: true },
      after: { status: "CLOSED", resolutionCode: 5004 },
    },
    push: { status: "CLOSED", isOfTheAudit: true, isSigned: true, isSignedAsParsed: true },
  });
});

test("every change of an audit's status is pushed", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  const body = subscriptionOf({ eventName: "auditUpdate", webhookUrl: receiver.url, enabled: true, webhookKey });
  expect(await issuer.call("POST", subscriptionsOf(issuer.organizationId), { body })).toMatchObject({ status: 201 });
  const { transactionId, ...others } = auditFields();
  await issuer.file({ transactionId, ...others });
  const [atKard] = auditsAtKard(transactionId);
  kard.startAudit(atKard?.id ?? "");
  await until("IN_PROGRESS is pushed", () => pushed(receiver, "IN_PROGRESS"), withinMs);
  kard.closeAudit(atKard?.id ?? "");
  await until("CLOSED is pushed", () => pushed(receiver, "CLOSED"), withinMs);
  for (const { body: push, headers } of receiver.received)
    expect(isKardSignature(webhookKey, Buffer.from(push), String(headers["notify-signature"]))).toBe(true);
});

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

test.each([0, 1, 2])(
  "a create of which %i responses are lost is one audit at Kard, and a success for the SDK",
  async (lostResponses) => {
    const issuer = await newIssuer();
    const client = kardSdk(hostOf(issuer));
    const fields = auditFields();
    const response = await client.call("POST", auditsOf(issuer.organizationId), audit(fields), { lostResponses });
    expect(response).toMatchObject({ status: 201, attempts: lostResponses + 1 });
    expect(response.headers["idempotent-replayed"]).toBe(lostResponses === 0 ? undefined : "true");
    const [{ id } = { id: "" }] = kardAudits.parse(response.json).data;
    expect((await issuer.audit(id)).attributes).toMatchObject({ ...fields, status: "NEW" });
    expect(auditsAtKard(fields.transactionId)).toMatchObject([{ createCalls: 1 }]);
  },
);

test("a create that comes again while Kard has yet to answer the first meets the first, too", async () => {
  const issuer = await newIssuer();
  const client = kardSdk(hostOf(issuer));
  const fields = auditFields();
  kard.configure({ latencyMs: 500 });
  const responses = await Promise.all(
    [1, 2, 3].map(() => client.call("POST", auditsOf(issuer.organizationId), audit(fields))),
  );
  kard.configure({ latencyMs: 0 });
  expect(new Set(responses.map(({ json }) => kardAudits.parse(json).data[0]?.id)).size).toBe(1);
  for (const { status } of responses) expect([201, 202]).toContain(status);
  await until("Kard has it", () => auditsAtKard(fields.transactionId).length > 0);
  expect(auditsAtKard(fields.transactionId)).toMatchObject([{ createCalls: 1 }]);
});

test("a duplicate that Kard refuses names the audit that exists", async () => {
  const issuer = await newIssuer();
  const client = kardSdk(hostOf(issuer));
  const fields = auditFields();
  const existingAuditId = await issuer.file(fields);
  const headers = { "Idempotency-Key": "another" };
  const { status, json } = await client.call("POST", auditsOf(issuer.organizationId), audit(fields), { headers });
  expect(status).toBe(409);
  kardErrors.parse(json);
  expect(json).toMatchObject({ errors: [{ meta: { existingAuditId } }] });
});
