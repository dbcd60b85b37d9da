import { randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import { fileAtKard } from "./support/at-kard.ts";
import { auditFields, type Issuer, idsIn } from "./support/issuer.ts";
import { startProduct } from "./support/product.ts";
import { until } from "./support/until.ts";

const { newIssuer, kard, auditsAtKard, resolutions } = await startProduct({ push: false });

function adopt({ organizationId, call }: Issuer, ...kardAuditIds: string[]) {
  const data = kardAuditIds.map((kardAuditId) => ({ type: "audit", attributes: { kardAuditId } }));
  return call("POST", `/v2/issuers/${organizationId}/users/user-1/audits/adopt`, { body: { data } });
}

const published = (id: string) => resolutions.received.filter(({ body }) => body.includes(id));

test("an audit made at Kard before is tracked from then on, also by the id it has there", async () => {
  const issuer = await newIssuer();
  const fields = auditFields();
  const kardAuditId = await fileAtKard(kard, issuer.organizationId, fields);
  const answer = await adopt(issuer, kardAuditId);
  expect(answer).toMatchObject({
    status: 201,
    json: { data: [{ type: "audit", attributes: { ...fields, kardAuditId, status: "NEW" } }] },
  });
  const [id = ""] = idsIn(answer);
  kard.closeAudit(kardAuditId, { resolutionCode: 9001 });
  await until("it is published", () => published(id).length > 0);
  expect(await issuer.call("GET", `/transactions/audit/${kardAuditId}`)).toMatchObject({
    status: 200,
    json: { ...fields, status: "CLOSED", resolutionCode: 9001 },
  });
});

test("one that is closed already is adopted as such and published", async () => {
  const issuer = await newIssuer();
  const kardAuditId = await fileAtKard(kard, issuer.organizationId);
  kard.closeAudit(kardAuditId, { resolutionCode: 5004 });
  const answer = await adopt(issuer, kardAuditId);
  expect(answer).toMatchObject({
    status: 201,
    json: { data: [{ attributes: { status: "CLOSED", resolutionCode: 5004 } }] },
  });
  const [id = ""] = idsIn(answer);
  await until("it is published", () => published(id).length > 0);
});

test("adopting twice, one after the other or at once, is adopting once", async () => {
  const issuer = await newIssuer();
  const kardAuditId = await fileAtKard(kard, issuer.organizationId);
  const [first, ...others] = await Promise.all([1, 2, 3].map(() => adopt(issuer, kardAuditId)));
  const again = await adopt(issuer, kardAuditId);
  for (const answer of [...others, again]) {
    expect(answer.status).toBe(201);
    expect(idsIn(answer)).toEqual(first === undefined ? [] : idsIn(first));
  }
});

test("one that was filed through the tracker keeps the id it has", async () => {
  const issuer = await newIssuer();
  const fields = auditFields();
  const id = await issuer.file(fields);
  const answer = await adopt(issuer, auditsAtKard(fields.transactionId)[0]?.id ?? "");
  expect(answer.status).toBe(201);
  expect(idsIn(answer)).toEqual([id]);
});

test("one that Kard does not know is a 404 at its position, the others are adopted", async () => {
  const issuer = await newIssuer();
  const kardAuditId = await fileAtKard(kard, issuer.organizationId);
  expect(await adopt(issuer, kardAuditId, randomUUID())).toMatchObject({
    status: 207,
    json: {
      data: [{ attributes: { kardAuditId } }],
      errors: [{ status: "404", source: { pointer: "/data/1/attributes/kardAuditId" } }],
    },
  });
  expect(await adopt(issuer, randomUUID())).toMatchObject({ status: 404 });
});

test("while Kard is down nothing is adopted, and the answer says to try again", async () => {
  const issuer = await newIssuer();
  const kardAuditId = await fileAtKard(kard, issuer.organizationId);
  kard.configure({ outage: true });
  const answer = await adopt(issuer, kardAuditId);
  kard.configure({ outage: false });
  expect(answer).toMatchObject({ status: 503, json: { errors: [{ status: "503" }] } });
  // That Kard gave no token is remembered for two seconds.
  await until("it is adopted", async () => (await adopt(issuer, kardAuditId)).status === 201);
});
