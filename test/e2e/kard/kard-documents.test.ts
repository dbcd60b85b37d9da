import { afterAll, expect, test } from "@jest/globals";
import * as z from "zod";
import { startCheckedProxy } from "../../support/kard/kard-checked-proxy.ts";
import { checkKardResponse } from "../../support/kard/kard-contract.ts";
import { type CurlResponse, runCurl } from "../support/cli/bash.ts";
import { idsIn } from "../support/issuer.ts";
import { startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";

// Kard's documents, "Create Audits" and "Get Audit Status", without the prompts.
const createAudits = `curl -X POST https://rewards-api.getkard.com/v2/issuers/organization-123/users/user-123/audits \\
 -H "Authorization: Bearer <token>" \\
 -H "Content-Type: application/json" \\
 -d '{
 "data": [
 {
 "type": "audit",
 "attributes": {
 "auditCode": 8001,
 "merchantName": "Caribbean Goodness",
 "auditDescription": "duplicate transaction",
 "transactionId": "issuerTransaction123"
 }
 }
 ]
}'`;
const getAuditStatus = `curl https://rewards-api.getkard.com/transactions/audit/%7Bid%7D \\
 -H "Authorization: Bearer <token>"`;

// The fields of Kard's documents, "Create Audit", with the values of "Get Audit Status".
const legacyAudit = {
  transactionId: "some cardlinked transaction id",
  auditCode: 8001,
  merchantName: "Caribbean Goodness",
  auditDescription: "duplicate",
  preferredContactEmail: "someone@company.com",
  transactionAmountInCents: 2600,
  referringPartnerUserId: "5e135a5a2b1f4c0008c9df79",
  merchantId: "5e27318c9b346f00087fbb32",
  submitterName: "Submitter Name",
};
const issuer = "Meridian Bank";

const proxies: Awaited<ReturnType<typeof startCheckedProxy>>[] = [];
const { owner, kard, auditsAtKard, outputs } = await startProduct({
  async inFront(given) {
    const proxy = await startCheckedProxy(given.url);
    proxies.push(proxy);
    return { ...given, url: proxy.url, tokenUrl: `${proxy.url}/v2/auth/token` };
  },
});
afterAll(async () => {
  for (const { violations, stop } of proxies) {
    await stop();
    expect(violations).toEqual([]);
  }
});

function run(documented: string, id = ""): Promise<CurlResponse> {
  return runCurl(
    documented
      .replace("https://rewards-api.getkard.com", outputs.ApiUrl)
      .replace("%7Bid%7D", id)
      .replace("<token>", outputs.ApiKey),
  );
}

/** Reads an audit's status by Kard's documented call, and validates its shape. */
async function documentedStatus(id: string): Promise<Record<string, unknown>> {
  const { status, contentType, text } = await run(getAuditStatus, id);
  expect(status).toBe(200);
  checkKardResponse("GET", `/transactions/audit/${id}`, status, contentType, text);
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}

async function moveOn(id: string, transactionId: string): Promise<void> {
  const [atKard] = auditsAtKard(transactionId);
  expect(await documentedStatus(id)).toMatchObject({ _id: id, status: "NEW" });
  kard.startAudit(atKard?.id ?? "");
  await until("it is IN_PROGRESS", async () => (await documentedStatus(id)).status === "IN_PROGRESS");
  kard.closeAudit(atKard?.id ?? "", { resolutionCode: 5001, resolutionDescription: "duplicate" });
  await until("it is CLOSED", async () => (await documentedStatus(id)).status === "CLOSED");
}

test("the documented Create Audits and Get Audit Status, from NEW to CLOSED", async () => {
  const { status, contentType, text } = await run(createAudits);
  expect(status).toBe(201);
  checkKardResponse("POST", "/v2/issuers/organization-123/users/user-123/audits", status, contentType, text);
  const json: unknown = JSON.parse(text);
  expect(json).toEqual({
    data: [{ type: "audit", id: expect.any(String), attributes: { transactionId: "issuerTransaction123" } }],
  });
  const [id = ""] = idsIn({ status, headers: {}, text, json });
  await moveOn(id, "issuerTransaction123");
  expect(await documentedStatus(id)).toMatchObject({
    transactionId: "issuerTransaction123",
    auditCode: 8001,
    merchantName: "Caribbean Goodness",
    auditDescription: "duplicate transaction",
    status: "CLOSED",
    resolutionCode: 5001,
    resolutionDescription: "duplicate",
    resolutionTimeStamp: new Date(auditsAtKard("issuerTransaction123")[0]?.closedAt ?? 0).toISOString(),
  });
});

test("the documented Create Audit of the legacy API, from NEW to CLOSED", async () => {
  const { status, headers, text, json } = await owner.call("POST", "/transactions/audit", {
    body: { ...legacyAudit, issuer },
  });
  expect({ status, json }).toEqual({ status: 201, json: { ...legacyAudit, _id: expect.any(String), status: "NEW" } });
  checkKardResponse("POST", "/transactions/audit", status, headers["content-type"], text);
  const { _id: id } = z.object({ _id: z.string() }).parse(json);
  expect(auditsAtKard(legacyAudit.transactionId)[0]?.request).toEqual({ ...legacyAudit, issuer });
  await moveOn(id, legacyAudit.transactionId);
  expect(await documentedStatus(id)).toMatchObject({ ...legacyAudit, status: "CLOSED", resolutionCode: 5001 });
  expect((await owner.audit(id)).attributes).toMatchObject({
    ...legacyAudit,
    issuer,
    resolutionDescription: "duplicate",
  });
});

test("an optional field may be null, as in Kard's examples", async () => {
  const transactionId = "with nulls";
  const body = { ...legacyAudit, issuer, transactionId, merchantId: null, transactionAmountInCents: null };
  expect(await owner.call("POST", "/transactions/audit", { body })).toMatchObject({ status: 201 });
  expect(auditsAtKard(transactionId)[0]?.request).not.toHaveProperty("merchantId");
});
