import { expect, test } from "@jest/globals";
import { responseVariants } from "../../../infra/local/kard-sandbox/http/response-variants.ts";
import { auditFields, idsIn } from "../support/issuer.ts";
import { startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";

const { newIssuer, kard, auditsAtKard, resolutions, stack } = await startProduct({ push: false });
const issuer = await newIssuer();

const isClosed = (id: string) => async () => (await issuer.audit(id)).attributes.status === "CLOSED";
const isPublished = (id: string) => () => resolutions.received.some(({ body }) => body.includes(id));

const nameless = ["null-id", "empty-body"] as const;
const withId = responseVariants.shape.create.unwrap().exclude(nameless).options;
const usable = responseVariants.shape.status.unwrap().exclude(["no-status", "unknown-status"]).options;

test.each(withId.flatMap((create, at) => usable.slice(at % 2).map((status) => [create, status] as const)))(
  "with create response %s and status %s, an audit is filed once, closed and published",
  async (create, status) => {
    kard.configure({ responseVariants: { create, status } });
    const fields = auditFields();
    const [id = ""] = idsIn(await issuer.create([fields]));
    await until("Kard has taken it", async () => (await issuer.audit(id)).attributes.status === "NEW");
    const [atKard, ...others] = auditsAtKard(fields.transactionId);
    expect(others).toEqual([]);
    kard.closeAudit(atKard?.id ?? "", { resolutionCode: 5004 });
    await until("it is closed", isClosed(id));
    await until("it is published", isPublished(id));
    expect((await issuer.audit(id)).attributes).toMatchObject({ kardAuditId: atKard?.id, resolutionCode: 5004 });
    expect(auditsAtKard(fields.transactionId)).toHaveLength(1);
  },
);

test.each(nameless)(
  "an audit that Kard makes with the response %s is filed once and shown as taken",
  async (create) => {
    kard.configure({ responseVariants: { create } });
    const fields = auditFields();
    const response = await issuer.create([fields]);
    expect(response.status).toBe(202);
    const [id = ""] = idsIn(response);
    expect((await issuer.audit(id)).attributes).toMatchObject({
      ...{ status: "SUBMITTING", submission: "unconfirmed", acceptedWithoutIdAt: expect.any(String) },
    });
    expect(
      (await issuer.call("POST", `/v2/issuers/${issuer.organizationId}/audits/${id}/refresh`)).status,
    ).toBeLessThan(300);
    expect(auditsAtKard(fields.transactionId)).toMatchObject([{ createCalls: 1 }]);
  },
);

test("unknown and missing statuses are logged and shown; the audit closes when the status is valid", async () => {
  kard.configure({ responseVariants: { status: "unknown-status" } });
  const fields = auditFields();
  const [id = ""] = idsIn(await issuer.create([fields]));
  await until("it shows", async () => (await issuer.audit(id)).attributes.kardStatus === "UNDER_REVIEW");
  expect((await issuer.audit(id)).attributes.status).toBe("NEW");
  kard.configure({ responseVariants: { status: "no-status" } });
  const told = () => stack.logs.map(({ line }) => line).filter((line) => line.includes('"outbound calls failed"'));
  await until("the shape is logged", () => told().some((line) => line.includes('"malformed-response"')));
  expect(told().join("")).not.toContain(fields.transactionId);
  kard.configure({ responseVariants: {} });
  kard.closeAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
  await until("it is closed", isClosed(id));
  expect((await issuer.audit(id)).attributes).not.toHaveProperty("kardStatus");
});

test.each(["expiry-as-text", "token-alone"] as const)("a token with the response %s is used", async (token) => {
  kard.configure({ responseVariants: { token }, tokenLifeSeconds: 1 });
  await until("it is asked for", async () => {
    const before = kard.requests().token ?? 0;
    kard.revokeTokens();
    const { status } = await issuer.create([auditFields()]);
    return status === 201 && (kard.requests().token ?? 0) > before;
  });
});
