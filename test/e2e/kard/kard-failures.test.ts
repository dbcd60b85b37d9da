import { expect, test } from "@jest/globals";
import * as z from "zod";
import type { SandboxSettingsInput } from "../../../infra/local/kard-sandbox/state/settings.ts";
import { auditFields, idsIn } from "../support/issuer.ts";
import { startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";

const { newIssuer, kard, auditsAtKard, resolutions } = await startProduct({ push: false });
const issuer = await newIssuer();

/** Audits accepted while Kard failed: the tracker's ids by transaction. */
const taken = new Map<string, string>();
const noFaults: SandboxSettingsInput = {
  ...{ outage: false, unauthorized: false, dropAfterEffect: 0, dropConnection: 0, status429: 0, status5xx: 0 },
  omitConflictId: false,
};

// First, because a waiting audit would use up the one failure.
test("a batch with accepted and deferred audits is a 202", async () => {
  const requests = [auditFields(), auditFields(), auditFields()];
  kard.configure({ failNext: [{ route: "create", kind: "outage", times: 1 }] });
  const response = await issuer.create(requests);
  expect(response.status).toBe(202);
  for (const [at, id] of idsIn(response).entries()) taken.set(requests[at]?.transactionId ?? "", id);
  expect(JSON.stringify(response.json).match(/SUBMITTING/g)).toHaveLength(1);
});

test.each<[string, SandboxSettingsInput]>([
  ["is down", { outage: true }],
  ["fails", { status5xx: 1 }],
  ["cuts connections", { dropConnection: 1 }],
  ["loses its responses", { dropAfterEffect: 1 }],
  ["refuses our credentials", { unauthorized: true }],
  ["has had enough", { status429: 1, retryAfterSeconds: 1 }],
])("while Kard %s, an audit is accepted with 202 and stored", async (_, settings) => {
  const fields = auditFields();
  const { transactionId } = fields;
  kard.configure(settings);
  const response = await issuer.create([fields]);
  kard.configure(noFaults);
  expect(response).toMatchObject({
    status: 202,
    json: { data: [{ type: "audit", id: expect.any(String), attributes: { transactionId, status: "SUBMITTING" } }] },
  });
  const [id = ""] = idsIn(response);
  taken.set(transactionId, id);
  expect((await issuer.call("GET", `/transactions/audit/${id}`)).json).toMatchObject({ _id: id, status: "NEW" });
});

test("while Kard is down, the legacy create is accepted as NEW and stored", async () => {
  const fields = auditFields();
  kard.configure({ outage: true });
  const body = { ...fields, preferredContactEmail: "a@example.com", issuer: "Bank" };
  const { status, json } = await issuer.call("POST", "/transactions/audit", { body });
  kard.configure(noFaults);
  expect({ status, json }).toMatchObject({ status: 201, json: { status: "NEW" } });
  taken.set(fields.transactionId, z.object({ _id: z.string() }).parse(json)._id);
});

test("when Kard recovers, each audit is submitted exactly once, resolved and published", async () => {
  expect(taken.size).toBe(10);
  for (const [transactionId, id] of taken) {
    const shown = await until("Kard has taken it", async () => {
      const audit = await issuer.audit(id);
      return audit.attributes.status === "NEW" && audit;
    });
    const atKard = auditsAtKard(transactionId);
    expect(atKard).toHaveLength(1);
    expect(shown.attributes).toMatchObject({ kardAuditId: atKard[0]?.id, submission: "confirmed" });
    kard.closeAudit(atKard[0]?.id ?? "");
  }
  await until("all are published", () =>
    [...taken.values()].every((id) => resolutions.received.some(({ body }) => body.includes(id))),
  );
  expect(resolutions.received).toHaveLength(taken.size);
});

test("an audit with a lost response stays unconfirmed until a conflict names its Kard id", async () => {
  // Refused credentials are cached for half a minute.
  await until("the API asks Kard again", async () => (await issuer.create([auditFields()])).status === 201);
  const fields = auditFields();
  kard.configure({ dropAfterEffect: 1, omitConflictId: true });
  const [id = ""] = idsIn(await issuer.create([fields]));
  kard.configure({ dropAfterEffect: 0 });
  await until("Kard was asked again", () => (auditsAtKard(fields.transactionId)[0]?.createCalls ?? 0) >= 2);
  const { attributes } = await issuer.audit(id);
  expect(attributes).toMatchObject({ status: "SUBMITTING", submission: "unconfirmed" });
  kard.configure(noFaults);
  await until("it is found", async () => (await issuer.audit(id)).attributes.submission === "confirmed");
  expect(auditsAtKard(fields.transactionId)).toHaveLength(1);
});
