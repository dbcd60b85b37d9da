import { randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import { auditFields, type Issuer } from "../support/issuer.ts";
import { fileAtKard } from "../support/kard/at-kard.ts";
import { startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";

// Kard cannot distinguish the issuers of this deployment: each sees the audits of all.
const { newIssuer, owner, kard, auditsAtKard } = await startProduct({
  push: false,
  inFront: async (sandbox) => ({ ...sandbox, secret: { ...sandbox.secret, managesSeveralIssuers: false } }),
});

function adopt({ organizationId, call }: Issuer, kardAuditId: string) {
  const data = [{ type: "audit", attributes: { kardAuditId } }];
  return call("POST", `/v2/issuers/${organizationId}/users/user-1/audits/adopt`, { body: { data } });
}

test("the only issuer of a deployment can adopt audits", async () => {
  expect(await adopt(owner, await fileAtKard(kard, owner.organizationId))).toMatchObject({ status: 201 });
});

test("the only issuer's adoptions while Kard is down are tracked later", async () => {
  const kardAuditId = await fileAtKard(kard, owner.organizationId);
  kard.configure({ outage: true });
  expect(await adopt(owner, kardAuditId)).toMatchObject({ status: 202 });
  kard.configure({ outage: false });
  await until("it is tracked", async () => (await adopt(owner, kardAuditId)).status === 201);
});

test("with a second issuer, Kard's response proves no ownership: every id is a 404", async () => {
  const [victim, other] = [await newIssuer(), await newIssuer()];
  const fields = auditFields();
  await victim.file(fields);
  const tracked = auditsAtKard(fields.transactionId)[0]?.id ?? "";
  const untracked = await fileAtKard(kard, victim.organizationId);
  const responses = await Promise.all([tracked, untracked, randomUUID()].map((id) => adopt(other, id)));
  const [first] = responses;
  expect(first).toMatchObject({ status: 404 });
  for (const { status, json } of responses) expect({ status, json }).toEqual({ status: 404, json: first?.json });
  expect(await other.call("GET", `/transactions/audit/${tracked}`)).toMatchObject({ status: 404 });
});

test("an issuer still finds its own audits by Kard's id", async () => {
  const issuer = await newIssuer();
  const fields = auditFields();
  await issuer.file(fields);
  const id = auditsAtKard(fields.transactionId)[0]?.id ?? "";
  expect(await issuer.call("GET", `/transactions/audit/${id}`)).toMatchObject({ status: 200, json: fields });
  expect(await adopt(issuer, id)).toMatchObject({ status: 201 });
});
