import { expect, test } from "@jest/globals";
import { findExistingAudit } from "../../../../functions/audits-api/submit/existing-audit.ts";
import type { Audit } from "../../../../functions/core/audits/audit.ts";
import type { JsonApiError } from "../../../../functions/core/shared/json-api-error.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aRequest, openAudit } from "../../../support/sample-audits.ts";

const { organizationId } = openAudit();
const existing = openAudit({ auditId: "existing", kardAuditId: "kard-1" });
const key = expect.objectContaining({ organizationId, auditId: "existing" });

function refused(error: Partial<JsonApiError> = {}, more: Partial<Audit> = {}): Audit {
  const errors = [{ status: "409", title: "Conflict Error", detail: "it exists already", ...error }];
  const refusal = { status: Number(errors[0]?.status), errors };
  const { kardAuditId: _kardAuditId, ...audit } = openAudit({ auditId: "refused", status: "REJECTED", refusal });
  return { ...audit, ...more };
}

async function find(audit: Audit, there: Audit = existing) {
  const world = fakeWorld();
  for (const each of [there, audit]) await world.audits.create(each);
  await world.kardAuditIds.claim("kard-1", there);
  return findExistingAudit(world)(audit);
}

test("the audit that Kard names by its id", async () => {
  expect(await find(refused({ id: "kard-1" }, { request: { ...aRequest, auditCode: 8001 } }))).toEqual(key);
});

test("if Kard names none, the audit with the same user and request", async () => {
  expect(await find(refused())).toEqual(key);
});

test.each([
  ["another issuer's", refused({ id: "kard-1" }), { ...existing, organizationId: "another" }],
  ["of another request", refused({}, { request: { ...aRequest, merchantName: "Other" } }), existing],
  ["another user's", refused({}, { userId: "user-2" }), existing],
  ["in the way, as Kard refused for another reason", refused({ status: "400", id: "kard-1" }), existing],
])("no audit %s", async (_, audit, there) => {
  expect(await find(audit, there)).toBeUndefined();
});

test.each(["kardAuditIds", "listing"] as const)(
  "a failed read of %s is reported, and no audit is named",
  async (part) => {
    const unreadable = new Error("throttled by the table");
    const world = fakeWorld();
    world.kardAuditIds.find = part === "kardAuditIds" ? () => Promise.reject(unreadable) : async () => undefined;
    world.listing.list = () => Promise.reject(unreadable);
    expect(await findExistingAudit(world)(refused({ id: "kard-1" }))).toBeUndefined();
    expect(world.errors).toEqual([unreadable]);
  },
);
