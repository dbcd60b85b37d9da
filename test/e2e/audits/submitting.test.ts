import { expect, test } from "@jest/globals";
import * as z from "zod";
import { checkKardResponse } from "../../support/kard/kard-contract.ts";
import { type ApiResponse, type AuditFields, auditFields, idsIn } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";

const { newIssuer, kard, auditsAtKard } = await startProduct({ tickSeconds: never, push: false });

const refusals = z.object({
  errors: z.array(z.object({ id: z.string(), status: z.string(), source: z.object({ pointer: z.string() }) })),
});
const pointersIn = ({ json }: ApiResponse) =>
  refusals.parse(json).errors.map(({ status, source }) => `${status} ${source.pointer}`);

function expectKardsShape(response: ApiResponse): void {
  const { status, headers, text } = response;
  checkKardResponse("POST", "/v2/issuers/any/users/any/audits", status, headers["content-type"], text);
}

function bodyInOtherBytes(attributes: AuditFields): string {
  return JSON.stringify({ data: [{ type: "audit", attributes }] }, null, 1);
}

test("a batch of 100 audits is filed in order", async () => {
  const issuer = await newIssuer();
  const callsBefore = kard.requests().create ?? 0;
  const requests = Array.from({ length: 100 }, () => auditFields());
  const response = await issuer.create(requests);
  expect(response.status).toBe(201);
  expectKardsShape(response);
  expect(response.json).toEqual({
    data: requests.map(({ transactionId }) => ({
      type: "audit",
      id: expect.any(String),
      attributes: { transactionId },
    })),
  });
  expect(new Set(idsIn(response)).size).toBe(100);
  expect((kard.requests().create ?? 0) - callsBefore).toBe(100);
  const known = kard.audits().filter(({ organizationId }) => organizationId === issuer.organizationId);
  expect(new Set(known.map(({ request }) => request.transactionId)).size).toBe(100);
});

test("a partly refused batch is a 207 with errors at their positions", async () => {
  const issuer = await newIssuer();
  const taken = [auditFields(), auditFields()];
  const response = await issuer.create([
    auditFields({ transactionId: "refuse-400-a" }),
    ...taken,
    auditFields({ transactionId: "refuse-404-b" }),
  ]);
  expect(response.status).toBe(207);
  expectKardsShape(response);
  expect(pointersIn(response)).toEqual([
    "400 /data/0/attributes/transactionId",
    "404 /data/3/attributes/transactionId",
  ]);
  expect(response.json).toMatchObject({ data: taken.map(({ transactionId }) => ({ attributes: { transactionId } })) });
  const { errors } = refusals.parse(response.json);
  expect((await issuer.audit(errors[0]?.id ?? "")).attributes).toMatchObject({
    transactionId: "refuse-400-a",
    status: "REJECTED",
  });
});

test("of two equal audits in a batch, one is filed and one is Kard's conflict", async () => {
  const issuer = await newIssuer();
  const twice = auditFields();
  const response = await issuer.create([auditFields(), twice, twice]);
  expect(response.status).toBe(207);
  expectKardsShape(response);
  expect(pointersIn(response)).toEqual([expect.stringMatching(/^409 \/data\/[12]$/)]);
  expect(idsIn(response)).toHaveLength(2);
  expect(auditsAtKard(twice.transactionId)).toHaveLength(1);
});

test.each([
  [400, "refuse-400-x", "refuse-400-y"],
  [404, "refuse-404-x", "refuse-404-y"],
])("a batch refused for one reason gets Kard's status %i", async (status, ...transactions) => {
  const issuer = await newIssuer();
  const response = await issuer.create(transactions.map((transactionId) => auditFields({ transactionId })));
  expect(response.status).toBe(status);
  expectKardsShape(response);
  expect(pointersIn(response)).toEqual([0, 1].map((at) => `${status} /data/${at}/attributes/transactionId`));
});

test("an existing audit at Kard is a 409 with its id", async () => {
  const issuer = await newIssuer();
  const fields = auditFields();
  const existingAuditId = await issuer.file(fields);
  // In other bytes, and so no duplicate of the request.
  const response = await issuer.create([fields], { body: bodyInOtherBytes(fields) });
  expect(response.status).toBe(409);
  expect(response.json).toMatchObject({
    errors: [{ status: "409", detail: expect.stringContaining("exists already"), meta: { existingAuditId } }],
  });
  const { errors } = z
    .object({ errors: z.tuple([z.object({ links: z.object({ about: z.string() }) })]) })
    .parse(response.json);
  expect(await issuer.call("GET", errors[0].links.about)).toMatchObject({
    status: 200,
    json: { data: { id: existingAuditId, attributes: { status: "NEW" } } },
  });
});

test("an unknown code is sent to Kard, and Kard's refusal is passed on", async () => {
  const issuer = await newIssuer();
  const callsBefore = kard.requests().create ?? 0;
  const response = await issuer.create([auditFields({ auditCode: 3007 })]);
  expect(response.status).toBe(400);
  expect(pointersIn(response)).toEqual(["400 /data/0/attributes/auditCode"]);
  expect((kard.requests().create ?? 0) - callsBefore).toBe(1);
});

test("a batch refused for different reasons is a 207 without created audits", async () => {
  const issuer = await newIssuer();
  const transactions = ["refuse-400-z", "refuse-404-z"];
  const response = await issuer.create(transactions.map((transactionId) => auditFields({ transactionId })));
  expect(response.status).toBe(207);
  expectKardsShape(response);
  expect(response.json).toMatchObject({ data: [] });
});

test("names with special characters reach Kard and return unchanged", async () => {
  const issuer = await newIssuer();
  const fields = auditFields({
    transactionId: "a/b#c?d%20é",
    merchantName: '寿司 & Łódź "quoted"',
    auditDescription: "two\nlines",
  });
  const response = await issuer.create([fields], { userId: encodeURIComponent("us:er#1 ü") });
  expect(response.status).toBe(201);
  const [atKard] = auditsAtKard(fields.transactionId);
  expect(atKard).toMatchObject({ request: fields, userId: "us:er#1 ü" });
  expect(await issuer.audit(idsIn(response)[0] ?? "")).toMatchObject({
    attributes: { ...fields },
    relationships: { user: { data: { id: "us:er#1 ü" } } },
  });
});
