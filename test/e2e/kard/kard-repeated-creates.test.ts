import { expect, test } from "@jest/globals";
import { auditFields } from "../support/issuer.ts";
import { audit, auditsOf, hostAt } from "../support/kard/kard-requests.ts";
import { kardSdk } from "../support/kard/kard-sdk.ts";
import { kardAudits, kardErrors } from "../support/kard/kard-sdk-shapes.ts";
import { startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";

// Kard's SDKs repeat a create without an idempotency key.

const { newIssuer, outputs, kard, auditsAtKard } = await startProduct({ push: false });

const hostOf = hostAt(outputs.ApiUrl);

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
