import { randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { type ApiResponse, auditFields, idsIn } from "../support/issuer.ts";
import { fileAtKard } from "../support/kard/at-kard.ts";
import { startProduct } from "../support/product.ts";
import { adoptionRow, storedRows } from "../support/stored-rows.ts";
import { until } from "../support/until.ts";

const { newIssuer, kard, auditsAtKard, resolutions, outputs } = await startProduct({ push: false });
// One for all tests: each issuer adds to what the poller reads at each tick.
const issuer = await newIssuer();
const rows = storedRows(outputs);
const shown = z.object({ data: z.array(z.object({ type: z.string() })).default([]) });
const typesIn = ({ json }: ApiResponse) => shown.parse(json).data.map(({ type }) => type);

function adopt(...kardAuditIds: string[]) {
  const { organizationId, call } = issuer;
  const data = kardAuditIds.map((kardAuditId) => ({ type: "audit", attributes: { kardAuditId } }));
  return call("POST", `/v2/issuers/${organizationId}/users/user-1/audits/adopt`, { body: { data } });
}

/** Adopts until Kard has answered. On a busy machine a call can miss its time limit: the adoption is pending first. */
const adoptNow = (...kardAuditIds: string[]) =>
  until("no adoption is pending", async () => {
    const response = await adopt(...kardAuditIds);
    return !typesIn(response).includes("adoption") && response;
  });

/** The row of a pending adoption. */
const pending = (kardAuditId: string) => rows.get(adoptionRow(issuer.organizationId, kardAuditId));

const published = (id: string) => resolutions.received.filter(({ body }) => body.includes(id));

test("an existing audit at Kard is tracked, and found by Kard's id", async () => {
  const fields = auditFields();
  const kardAuditId = await fileAtKard(kard, issuer.organizationId, fields);
  const response = await adoptNow(kardAuditId);
  expect(response).toMatchObject({
    status: 201,
    json: { data: [{ type: "audit", attributes: { ...fields, kardAuditId, status: "NEW" } }] },
  });
  const [id = ""] = idsIn(response);
  kard.closeAudit(kardAuditId, { resolutionCode: 9001 });
  await until("it is published", () => published(id).length > 0);
  expect(await issuer.call("GET", `/transactions/audit/${kardAuditId}`)).toMatchObject({
    status: 200,
    json: { ...fields, status: "CLOSED", resolutionCode: 9001 },
  });
});

test("a closed audit is adopted as closed and published", async () => {
  const kardAuditId = await fileAtKard(kard, issuer.organizationId);
  kard.closeAudit(kardAuditId, { resolutionCode: 5004 });
  const response = await adoptNow(kardAuditId);
  expect(response).toMatchObject({
    status: 201,
    json: { data: [{ attributes: { status: "CLOSED", resolutionCode: 5004 } }] },
  });
  const [id = ""] = idsIn(response);
  await until("it is published", () => published(id).length > 0);
});

test("adopting an audit twice, in sequence or concurrently, adopts it once", async () => {
  const kardAuditId = await fileAtKard(kard, issuer.organizationId);
  const [first, ...others] = await Promise.all([1, 2, 3].map(() => adoptNow(kardAuditId)));
  const again = await adoptNow(kardAuditId);
  for (const response of [...others, again]) {
    expect(response.status).toBe(201);
    expect(idsIn(response)).toEqual(first === undefined ? [] : idsIn(first));
  }
});

test("an audit that was filed through the tracker keeps its id", async () => {
  const fields = auditFields();
  const id = await issuer.file(fields);
  const response = await adoptNow(auditsAtKard(fields.transactionId)[0]?.id ?? "");
  expect(response.status).toBe(201);
  expect(idsIn(response)).toEqual([id]);
});

test("an audit that Kard does not know is a 404 at its position; the others are adopted", async () => {
  const kardAuditId = await fileAtKard(kard, issuer.organizationId);
  expect(await adoptNow(kardAuditId, randomUUID())).toMatchObject({
    status: 207,
    json: {
      data: [{ attributes: { kardAuditId } }],
      errors: [{ status: "404", source: { pointer: "/data/1/attributes/kardAuditId" } }],
    },
  });
  expect(await adoptNow(randomUUID())).toMatchObject({ status: 404 });
});

test("while Kard is down, an adoption is pending and retried; it succeeds when Kard is back", async () => {
  const fields = auditFields();
  const kardAuditId = await fileAtKard(kard, issuer.organizationId, fields);
  kard.configure({ outage: true });
  try {
    const response = await adopt(kardAuditId);
    expect(response).toMatchObject({
      status: 202,
      json: {
        data: [
          {
            type: "adoption",
            id: kardAuditId,
            attributes: { kardAuditId, status: "PENDING" },
            relationships: { user: { data: { id: "user-1" } } },
          },
        ],
      },
    });
    expect(await adopt(kardAuditId)).toMatchObject({ status: 202, json: response.json });
    expect(await issuer.call("GET", `/transactions/audit/${kardAuditId}`)).toMatchObject({ status: 404 });
    await rows.set(adoptionRow(issuer.organizationId, kardAuditId), [[["laneAt"], Date.now()]]);
    await until("the adoption is retried", async () => (await pending(kardAuditId)).attempts === 2);
  } finally {
    kard.configure({ outage: false });
  }
  await until("it is tracked", async () => (await adopt(kardAuditId)).status === 201);
  await until("the adoption is not pending", async () => (await pending(kardAuditId)).attempts === undefined);
  kard.closeAudit(kardAuditId, { resolutionCode: 9001 });
  await until("it is published", () => published(fields.transactionId).length > 0);
});

test("ids beyond the time limit are pending, and all are tracked in the end", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 25; n++) ids.push(await fileAtKard(kard, issuer.organizationId));
  // Ten at a time: the last five would be read after more than ten seconds.
  kard.configure({ latencyMs: 5_300 });
  const response = await adopt(...ids);
  kard.configure({ latencyMs: 0 });
  expect(response.status).toBe(202);
  expect(typesIn(response)).toHaveLength(25);
  expect(typesIn(response).filter((type) => type === "adoption").length).toBeGreaterThanOrEqual(5);
  await until("all are tracked", async () => (await adopt(...ids)).status === 201);
});

test("a pending adoption ends if Kard does not know the audit, and the next request says so", async () => {
  const [known, unknown] = [await fileAtKard(kard, issuer.organizationId), randomUUID()];
  kard.configure({ outage: true });
  const response = await adopt(unknown, known);
  kard.configure({ outage: false });
  expect(response.status).toBe(202);
  const ended = await until("both have ended", async () => {
    const again = await adopt(unknown, known);
    return again.status === 207 && typesIn(again).every((type) => type === "audit") ? again : undefined;
  });
  expect(ended).toMatchObject({
    json: {
      errors: [{ status: "404", source: { pointer: "/data/0/attributes/kardAuditId" } }],
      data: [{ attributes: { kardAuditId: known } }],
    },
  });
});

test("a pending adoption of an unconfirmed audit confirms that audit", async () => {
  const fields = auditFields();
  kard.configure({ omitConflictId: true, failNext: [{ route: "create", kind: "dropAfterEffect" }] });
  const filed = await issuer.create([fields]);
  expect(filed.status).toBe(202);
  await until("Kard has made it", () => auditsAtKard(fields.transactionId).length === 1);
  const kardAuditId = auditsAtKard(fields.transactionId)[0]?.id ?? "";
  kard.configure({ outage: true });
  const response = await adopt(kardAuditId);
  kard.configure({ outage: false });
  expect(response.status).toBe(202);
  await until("it is tracked", async () => (await adopt(kardAuditId)).status === 201);
  kard.configure({ omitConflictId: false });
  expect(idsIn(await adopt(kardAuditId))).toEqual(idsIn(filed));
});
