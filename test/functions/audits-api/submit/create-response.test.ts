import { expect, test } from "@jest/globals";
import { createResponse } from "../../../../functions/audits-api/submit/create-response.ts";
import type { SubmitResult } from "../../../../functions/core/audits/submit-retries.ts";
import type { JsonApiError } from "../../../../functions/core/shared/json-api-error.ts";
import { openAudit, submittingAudit } from "../../../support/sample-audits.ts";

const accepted: SubmitResult = { result: "accepted", audit: openAudit({ auditId: "a" }) };
const waiting: SubmitResult = { result: "waiting", why: "throttled", audit: submittingAudit({ auditId: "w" }) };

function refused(status: number, source?: JsonApiError["source"]): SubmitResult {
  const error: JsonApiError = { status: String(status), title: "T", detail: "D", id: "kard's own id" };
  const errors = [source === undefined ? error : { ...error, source }];
  return { result: "refused", audit: openAudit({ auditId: "r", status: "REJECTED", refusal: { status, errors } }) };
}

const transactionId = "transaction-1";
const created = { type: "audit", id: "a", attributes: { transactionId } };
const underWay = { type: "audit", id: "w", attributes: { transactionId, status: "SUBMITTING" } };

test("all accepted gives Kard's 201", () => {
  expect(createResponse([accepted, accepted])).toEqual({ statusCode: 201, body: { data: [created, created] } });
});

test("some not yet at Kard gives 202 with the 201's body", () => {
  expect(createResponse([accepted, waiting])).toEqual({ statusCode: 202, body: { data: [created, underWay] } });
});

test.each([
  ["accepted", accepted, created],
  ["waiting", waiting, underWay],
])("some refused and one %s gives 207 with both", (_, other, resource) => {
  expect(createResponse([other, refused(409)])).toMatchObject({
    statusCode: 207,
    body: { data: [resource], errors: [{ status: "409", id: "r", source: { pointer: "/data/1" } }] },
  });
});

test.each([400, 404, 409])("all refused alike gives Kard's own %d", (status) => {
  const { statusCode, body } = createResponse([refused(status), refused(status)]);
  expect(statusCode).toBe(status);
  expect(body).toEqual({ errors: [expect.objectContaining({ id: "r" }), expect.objectContaining({ id: "r" })] });
});

test("one that could not be stored is an error at its position", () => {
  expect(createResponse([accepted, { result: "not-stored" }])).toEqual({
    statusCode: 207,
    body: {
      data: [created],
      errors: [expect.objectContaining({ status: "503", source: { pointer: "/data/1" } })],
    },
  });
  expect(createResponse([refused(409), { result: "not-stored" }]).statusCode).toBe(207);
});

test("a position that has an audit of another request with the key is an error", () => {
  expect(createResponse([accepted, { result: "key-reused" }])).toMatchObject({
    statusCode: 207,
    body: { data: [created], errors: [{ status: "422", source: { pointer: "/data/1" } }] },
  });
});

test("all refused, not all alike, gives 207 with an empty list", () => {
  expect(createResponse([refused(400), refused(409)])).toMatchObject({ statusCode: 207, body: { data: [] } });
});

test("a conflict names the issuer's existing audit", () => {
  const existing = new Map([["r", { organizationId: "organization/1", auditId: "a" }]]);
  expect(createResponse([refused(409)], existing).body).toMatchObject({
    errors: [{ meta: { existingAuditId: "a" }, links: { about: "/v2/issuers/organization%2F1/audits/a" } }],
  });
  expect(createResponse([refused(400)], existing).body).toEqual({
    errors: [expect.not.objectContaining({ meta: expect.anything() })],
  });
});

test.each([
  ["/data/0/attributes/auditCode", "/data/2/attributes/auditCode"],
  ["/data/0", "/data/2"],
  ["/data/01", "/data/01"],
  ["/attributes/auditCode", "/attributes/auditCode"],
  [undefined, "/data/2"],
])("Kard's pointer %s becomes %s for the caller's third audit", (pointer, right) => {
  const third = refused(400, pointer === undefined ? undefined : { pointer });
  expect(createResponse([accepted, accepted, third])).toMatchObject({
    body: { errors: [{ source: { pointer: right } }] },
  });
});
