import { expect, test } from "@jest/globals";
import * as z from "zod";
import { auditFields, type Issuer } from "../support/issuer.ts";
import { fileAtKard } from "../support/kard/at-kard.ts";
import { never, startProduct } from "../support/product.ts";
import { auditRow, storedRows } from "../support/stored-rows.ts";

// The steps of docs/runbook.md for AuditsUnconfirmed, in order. No retries run in between.
const { newIssuer, kard, auditsAtKard, outputs } = await startProduct({ tickSeconds: never, push: false });
const rows = storedRows(outputs);

const listed = z.object({
  data: z.array(z.object({ id: z.string(), attributes: z.object({ submission: z.string() }) })),
});

/** The runbook's query: audits that wait for Kard. */
async function submitting({ organizationId, call }: Issuer) {
  const { json } = await call("GET", `/v2/issuers/${organizationId}/audits?filter[status]=SUBMITTING`);
  return listed.parse(json).data.map(({ id, attributes }) => ({ id, submission: attributes.submission }));
}

function post({ organizationId, call }: Issuer, id: string, what: "refresh" | "resolve", attributes?: object) {
  const body = attributes === undefined ? {} : { body: { data: { type: "audit", attributes } } };
  return call("POST", `/v2/issuers/${organizationId}/audits/${id}/${what}`, body);
}

/** An audit at Kard whose create response was lost, and whose conflicts name no audit. */
async function unconfirmed() {
  const issuer = await newIssuer();
  const fields = auditFields();
  kard.configure({ omitConflictId: true, failNext: [{ route: "create", kind: "dropAfterEffect" }] });
  expect(await issuer.create([fields])).toMatchObject({ status: 202 });
  const [audit] = await submitting(issuer);
  expect(audit).toMatchObject({ submission: "unconfirmed" });
  const [atKard] = auditsAtKard(fields.transactionId);
  return { issuer, fields, id: audit?.id ?? "", kardAuditId: atKard?.id ?? "" };
}

test("an unconfirmed audit is retried, and gets Kard's id by an operator", async () => {
  const { issuer, id, kardAuditId, fields } = await unconfirmed();
  expect(await post(issuer, id, "refresh")).toMatchObject({ status: 202, json: { data: { id } } });
  expect(auditsAtKard(fields.transactionId)).toHaveLength(1);
  expect(await post(issuer, id, "resolve", { kardAuditId })).toMatchObject({
    status: 200,
    json: { data: { id, attributes: { kardAuditId, status: "NEW", submission: "confirmed" } } },
  });
  expect(await submitting(issuer)).toEqual([]);
  kard.closeAudit(kardAuditId, { resolutionCode: 5004 });
  expect(await post(issuer, id, "refresh")).toMatchObject({ json: { data: { attributes: { status: "CLOSED" } } } });
});

test("resolving with the Kard id of another request is a 422, with a tracked id a 409, with any other a 404", async () => {
  const { issuer, id } = await unconfirmed();
  const resolve = (kardAuditId = "") => post(issuer, id, "resolve", { kardAuditId });
  expect(await resolve("no-such-audit")).toMatchObject({ status: 404 });
  expect(await resolve(await fileAtKard(kard, issuer.organizationId))).toMatchObject({
    status: 422,
    json: { errors: [{ source: { pointer: "/data/attributes/kardAuditId" } }] },
  });
  const tracked = auditFields();
  await issuer.file(tracked);
  expect(await resolve(auditsAtKard(tracked.transactionId)[0]?.id)).toMatchObject({ status: 409 });
  const stranger = await newIssuer();
  const theirs = auditFields();
  await stranger.file(theirs);
  expect(await resolve(auditsAtKard(theirs.transactionId)[0]?.id)).toMatchObject({ status: 404 });
  expect(await submitting(issuer)).toMatchObject([{ id }]);
});

test("while another call submits the audit, the response is a 409 with Retry-After", async () => {
  const { issuer, id, kardAuditId } = await unconfirmed();
  const row = auditRow(issuer.organizationId, id);
  await rows.set(row, [[["leasedUntil"], Date.now() + 60_000]]);
  const answer = await post(issuer, id, "resolve", { kardAuditId });
  expect(answer.status).toBe(409);
  const seconds = Number(answer.headers["retry-after"]);
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
  await rows.set(row, [[["leasedUntil"], Date.now()]]);
  expect(await post(issuer, id, "resolve", { kardAuditId })).toMatchObject({ status: 200 });
});

test("adopting the Kard id of an unconfirmed audit confirms it instead of creating another", async () => {
  const { issuer, id, kardAuditId } = await unconfirmed();
  const data = [{ type: "audit", attributes: { kardAuditId } }];
  const path = `/v2/issuers/${issuer.organizationId}/users/user-1/audits/adopt`;
  expect(await issuer.call("POST", path, { body: { data } })).toMatchObject({
    status: 201,
    json: { data: [{ id, attributes: { kardAuditId } }] },
  });
});

test("an audit that Kard does not have is submitted again, and a conflict is final", async () => {
  const { issuer, id } = await unconfirmed();
  expect(await post(issuer, id, "resolve", { notAtKard: true })).toMatchObject({
    status: 200,
    json: { data: { id, attributes: { status: "REJECTED", refusal: [{ status: "409" }] } } },
  });
  expect(await post(issuer, id, "resolve", { notAtKard: true })).toMatchObject({ status: 409 });
});
