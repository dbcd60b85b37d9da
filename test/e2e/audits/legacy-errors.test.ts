import { randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { checkKardResponse } from "../../support/kard/kard-contract.ts";
import { type ApiResponse, auditFields, call } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";

const { newIssuer, outputs, auditsAtKard } = await startProduct({ tickSeconds: never, push: false });

const path = "/transactions/audit";
const legacyFields = (given: Record<string, unknown> = {}) => ({
  ...auditFields(),
  preferredContactEmail: "someone@company.com",
  issuer: "Bank",
  ...given,
});

function expectKardsShape(method: string, { status, headers, text }: ApiResponse): void {
  checkKardResponse(method, method === "GET" ? `${path}/any` : path, status, headers["content-type"], text);
}

test("without a key: a message", async () => {
  const response = await call(outputs.ApiUrl, undefined, "POST", path, { body: legacyFields() });
  expect(response).toMatchObject({ status: 401, json: { message: expect.any(String) } });
  expectKardsShape("POST", response);
});

test("invalid fields: a list of strings that name their fields", async () => {
  const issuer = await newIssuer();
  const response = await issuer.call("POST", path, {
    body: legacyFields({ auditCode: 7.5, transactionAmountInCents: 1.5 }),
  });
  expect(response).toMatchObject({
    status: 400,
    json: {
      errors: [
        expect.stringMatching(/^auditCode: must be a whole number/),
        expect.stringMatching(/^transactionAmountInCents: /),
      ],
    },
  });
  expectKardsShape("POST", response);
});

test("a body that is not JSON: a list of one string", async () => {
  const response = await (await newIssuer()).call("POST", path, { body: "{" });
  expect(response).toMatchObject({ status: 400, json: { errors: [expect.any(String)] } });
  expectKardsShape("POST", response);
});

test.each([
  [400, "refuse-400", { errors: ["The transaction cannot be audited"] }],
  [404, "refuse-404", "There is no such transaction"],
])("Kard's refusal with %i keeps its shape", async (status, transactionId, json) => {
  const response = await (await newIssuer()).call("POST", path, { body: legacyFields({ transactionId }) });
  expect({ status: response.status, json: response.json }).toEqual({ status, json });
  expectKardsShape("POST", response);
});

test("an existing audit at Kard: a bare string with its id", async () => {
  const issuer = await newIssuer();
  const body = legacyFields();
  const { json } = await issuer.call("POST", path, { body });
  const { _id: id } = z.object({ _id: z.string() }).parse(json);
  const response = await issuer.call("POST", path, { body: JSON.stringify(body, null, 1) });
  expect({ status: response.status, json: response.json }).toEqual({
    status: 409,
    json: `The audit exists already (audit ${id})`,
  });
  expectKardsShape("POST", response);
});

test("an unknown audit: a bare string", async () => {
  const response = await (await newIssuer()).call("GET", `${path}/${randomUUID()}`);
  expect(response).toMatchObject({ status: 404, json: expect.any(String) });
  expectKardsShape("GET", response);
});

test("without the scope: a bare string", async () => {
  const reader = await newIssuer({ scopes: ["audit:read"] });
  expect(await reader.call("POST", path, { body: legacyFields() })).toMatchObject({
    status: 403,
    json: expect.stringContaining("audit:write"),
  });
});

test("a key for several issuers must name one, as with Kard's tokens", async () => {
  const organizations = [`first-${randomUUID()}`, `second-${randomUUID()}`];
  const issuer = await newIssuer({ organizations });
  const body = legacyFields();
  expect(await issuer.call("POST", path, { body })).toMatchObject({
    status: 400,
    json: { errors: [expect.stringContaining("X-Kard-Target-Issuer")] },
  });
  const stranger = { "x-kard-target-issuer": "somebody-else" };
  expect(await issuer.call("POST", path, { body, headers: stranger })).toMatchObject({ status: 404 });
  const headers = { "x-kard-target-issuer": organizations[1] ?? "" };
  const made = await issuer.call("POST", path, { body, headers });
  expect(made.status).toBe(201);
  const { _id: id } = z.object({ _id: z.string() }).parse(made.json);
  expect(await issuer.call("GET", `/v2/issuers/${organizations[1]}/audits/${id}`)).toMatchObject({ status: 200 });
  expect(await issuer.call("GET", `/v2/issuers/${organizations[0]}/audits/${id}`)).toMatchObject({ status: 404 });
  expect(await issuer.call("GET", `${path}/${id}`)).toMatchObject({ status: 200 });
  expect(await issuer.call("GET", `${path}/${id}`, { headers })).toMatchObject({ status: 200 });
  for (const other of [stranger, { "x-kard-target-issuer": organizations[0] ?? "" }])
    expect(await issuer.call("GET", `${path}/${id}`, { headers: other })).toMatchObject({ status: 404 });
  expect(auditsAtKard(body.transactionId)).toHaveLength(1);
});

test("a refused audit reads as CLOSED with the reason, so that polling ends", async () => {
  const issuer = await newIssuer();
  await issuer.call("POST", path, { body: legacyFields({ transactionId: "refuse-404-b" }) });
  const { json } = await issuer.call("GET", `/v2/issuers/${issuer.organizationId}/audits`);
  const [refused] = z.object({ data: z.array(z.object({ id: z.string() })) }).parse(json).data;
  expect(await issuer.call("GET", `${path}/${refused?.id}`)).toMatchObject({
    status: 200,
    json: {
      status: "CLOSED",
      resolutionCode: null,
      resolutionDescription: expect.stringContaining("no such transaction"),
    },
  });
});
