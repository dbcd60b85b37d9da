import { createHmac, randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { auditUpdate } from "../../support/kard/kard-push.ts";
import { type ApiResponse, auditFields, call, type Issuer, idsIn } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";
import { leaveUnpublished, storedRows } from "../support/stored-rows.ts";
import { until } from "../support/until.ts";
import { subscribe } from "../support/webhooks/webhooks.ts";

const { newIssuer, newWebhookReceiver, outputs, kard, auditsAtKard, resolutions, stack } = await startProduct({
  tickSeconds: never,
  push: false,
});

const rows = storedRows(outputs);

const signatureOf = (body: string) => createHmac("sha256", "sandbox-webhook-key").update(body).digest("base64");

function push(
  organizationId: string,
  body: string,
  signature: string | undefined = signatureOf(body),
): Promise<ApiResponse> {
  return call(outputs.ApiUrl, undefined, "POST", `/kard/${organizationId}/notifications`, {
    body,
    headers: signature === "" ? {} : { "notify-signature": signature },
  });
}

/** Kard's `auditUpdate` notification, as in its reference. */
function notice(kardAuditId: string, transactionId: string, status: string, userId = "user-1"): string {
  const { auditCode, merchantName, auditDescription } = auditFields();
  const body = {
    data: {
      type: "auditUpdate",
      id: randomUUID(),
      attributes: { status, auditCode, merchantName, auditDescription, transactionId },
      relationships: {
        user: { data: { type: "user", id: userId } },
        audit: { data: { type: "audit", id: kardAuditId } },
      },
    },
  };
  auditUpdate.parse(body);
  return JSON.stringify(body);
}

async function filed(issuer: Issuer) {
  const fields = auditFields();
  const id = await issuer.file(fields);
  return { id, transactionId: fields.transactionId, kardAuditId: auditsAtKard(fields.transactionId)[0]?.id ?? "" };
}

const published = (id: string) => resolutions.received.filter(({ body }) => body.includes(id));

test("a signed push triggers a status read; repeats are harmless", async () => {
  const issuer = await newIssuer();
  const { id, transactionId, kardAuditId } = await filed(issuer);
  kard.closeAudit(kardAuditId);
  const body = notice(kardAuditId, transactionId, "CLOSED");
  expect(await push(issuer.organizationId, body)).toMatchObject({ status: 200 });
  expect((await issuer.audit(id)).attributes).toMatchObject({ status: "CLOSED", sequence: 1 });
  await until("it is published", () => published(id).length > 0);
  const repeats = await Promise.all([1, 2, 3].map(() => push(issuer.organizationId, body)));
  expect(repeats.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await issuer.audit(id)).attributes.sequence).toBe(1);
  expect(published(id)).toHaveLength(1);
});

test("a push gives the Kard id of an audit whose create response had none", async () => {
  const issuer = await newIssuer();
  const fields = auditFields();
  kard.configure({ responseVariants: { create: "empty-body" } });
  const [id = ""] = idsIn(await issuer.create([fields]));
  kard.configure({ responseVariants: {} });
  const kardAuditId = auditsAtKard(fields.transactionId)[0]?.id ?? "";
  kard.closeAudit(kardAuditId);
  await push(issuer.organizationId, notice(kardAuditId, fields.transactionId, "CLOSED"));
  expect((await issuer.audit(id)).attributes).toMatchObject({ status: "CLOSED", kardAuditId });
});

test("the status comes from Kard, not from the push", async () => {
  const issuer = await newIssuer();
  const { id, transactionId, kardAuditId } = await filed(issuer);
  expect(await push(issuer.organizationId, notice(kardAuditId, transactionId, "CLOSED"))).toMatchObject({
    status: 200,
  });
  expect((await issuer.audit(id)).attributes).toMatchObject({ status: "NEW", sequence: 0 });
});

test.each([
  ["none", () => ""],
  ["a signature by another key", (body: string) => createHmac("sha256", "another").update(body).digest("base64")],
  ["a signature of another body", () => signatureOf("another")],
  ["a signature in hex", (body: string) => createHmac("sha256", "sandbox-webhook-key").update(body).digest("hex")],
  ["a signature with trailing text", (body: string) => `${signatureOf(body)}AAAA`],
])("a push with %s is a 401 without a status read", async (_, signature) => {
  const issuer = await newIssuer();
  const { id, transactionId, kardAuditId } = await filed(issuer);
  kard.closeAudit(kardAuditId);
  const body = notice(kardAuditId, transactionId, "CLOSED");
  expect(await push(issuer.organizationId, body, signature(body))).toMatchObject({ status: 401 });
  expect((await issuer.audit(id)).attributes.status).toBe("NEW");
});

test("a push about an unknown audit or another issuer's audit is accepted and changes nothing", async () => {
  const [issuer, other] = [await newIssuer(), await newIssuer()];
  const { id, transactionId, kardAuditId } = await filed(issuer);
  kard.closeAudit(kardAuditId);
  const unknown = { status: 200, json: { result: "unknown-audit" } };
  expect(await push(issuer.organizationId, notice(randomUUID(), transactionId, "CLOSED"))).toMatchObject(unknown);
  expect(await push(other.organizationId, notice(kardAuditId, transactionId, "CLOSED"))).toMatchObject(unknown);
  expect((await issuer.audit(id)).attributes.status).toBe("NEW");
});

test("a push about a legacy audit has no user and is accepted", async () => {
  const issuer = await newIssuer();
  const fields = auditFields();
  const body = { ...fields, preferredContactEmail: "a@example.com", issuer: "Bank" };
  const { json } = await issuer.call("POST", "/transactions/audit", { body });
  const { _id: id } = z.object({ _id: z.string() }).parse(json);
  const kardAuditId = auditsAtKard(fields.transactionId)[0]?.id ?? "";
  kard.closeAudit(kardAuditId);
  const pushed = await push(issuer.organizationId, notice(kardAuditId, fields.transactionId, "CLOSED", ""));
  expect(pushed).toMatchObject({ status: 200, json: { result: "checked" } });
  expect((await issuer.audit(id)).attributes.status).toBe("CLOSED");
});

test("a signed push of another type is a 400", async () => {
  const issuer = await newIssuer();
  expect(await push(issuer.organizationId, "{}")).toMatchObject({ status: 400 });
  expect(await push(issuer.organizationId, "nonsense")).toMatchObject({ status: 400 });
});

test("a push while Kard is down is accepted, and the audit is read later", async () => {
  const issuer = await newIssuer();
  const { id, transactionId, kardAuditId } = await filed(issuer);
  kard.closeAudit(kardAuditId);
  kard.configure({ outage: true });
  expect(await push(issuer.organizationId, notice(kardAuditId, transactionId, "CLOSED"))).toMatchObject({
    status: 200,
  });
  kard.configure({ outage: false });
  expect((await issuer.audit(id)).attributes.status).toBe("NEW");
  await until("the poller has read it", async () => {
    await stack.tick();
    return (await issuer.audit(id)).attributes.status === "CLOSED";
  });
});

test("a push that closes an audit holds its webhook for a disabled endpoint", async () => {
  const issuer = await newIssuer();
  const { id: subscriptionId } = await subscribe(issuer, "http://127.0.0.1:9/");
  const body = { data: { type: "subscription", attributes: { enabled: false } } };
  await issuer.call("PATCH", `/v2/issuers/${issuer.organizationId}/subscriptions/${subscriptionId}`, { body });
  const { id, transactionId, kardAuditId } = await filed(issuer);
  kard.closeAudit(kardAuditId);
  expect(await push(issuer.organizationId, notice(kardAuditId, transactionId, "CLOSED"))).toMatchObject({
    status: 200,
  });
  const { notifications } = (await issuer.audit(id)).attributes;
  expect(notifications).toMatchObject([{ subscriptionId, status: "held" }]);
});

test("a push also publishes earlier unpublished events", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  await subscribe(issuer, receiver.url, ["audit.in_progress", "audit.closed"]);
  const { id, transactionId, kardAuditId } = await filed(issuer);
  kard.startAudit(kardAuditId);
  await push(issuer.organizationId, notice(kardAuditId, transactionId, "IN_PROGRESS"));
  await until("it has begun", () => receiver.received.length === 1);
  await leaveUnpublished(rows, issuer.organizationId, id, "e1");
  kard.closeAudit(kardAuditId);
  await push(issuer.organizationId, notice(kardAuditId, transactionId, "CLOSED"));
  await until("its end arrives", () => receiver.received.some(({ body }) => body.includes('"audit.closed"')));
  const { notifications } = (await issuer.audit(id)).attributes;
  expect(notifications.map(({ sequence }) => sequence)).toEqual([1, 2]);
});
