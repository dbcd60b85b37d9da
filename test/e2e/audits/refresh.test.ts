import { randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import { auditFields, type Issuer, idsIn } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";

const { newIssuer, kard, auditsAtKard, resolutions } = await startProduct({ tickSeconds: never, push: false });

const refresh = (issuer: Issuer, id: string) =>
  issuer.call("POST", `/v2/issuers/${issuer.organizationId}/audits/${id}/refresh`);

test("a refresh follows an audit's status; its timeline has all steps in order", async () => {
  const issuer = await newIssuer();
  const fields = auditFields();
  const id = await issuer.file(fields);
  const [{ id: kardAuditId = "" } = {}] = auditsAtKard(fields.transactionId);

  expect(await refresh(issuer, id)).toMatchObject({ status: 200, json: { data: { attributes: { status: "NEW" } } } });
  kard.startAudit(kardAuditId);
  expect((await issuer.audit(id)).attributes.status).toBe("NEW");
  expect(await refresh(issuer, id)).toMatchObject({
    status: 200,
    json: { data: { id, attributes: { status: "IN_PROGRESS", kardAuditId } } },
  });
  kard.closeAudit(kardAuditId, { resolutionCode: 5009, resolutionDescription: "No change needed" });
  expect(await refresh(issuer, id)).toMatchObject({
    status: 200,
    json: {
      data: { attributes: { status: "CLOSED", resolutionCode: 5009, resolutionDescription: "No change needed" } },
    },
  });

  const { attributes } = await issuer.audit(id);
  const { timeline } = attributes;
  expect(timeline.map(({ what }) => what)).toEqual([
    "accepted",
    "sent",
    "in_progress",
    "published",
    "closed",
    "published",
  ]);
  const times = timeline.map(({ at }) => at);
  expect(times).toEqual(times.toSorted());
  expect(attributes).toMatchObject({ ...fields, sequence: 2 });
  expect(attributes).not.toHaveProperty("nextPollAt");
  await until("it is on the queue", () => resolutions.received.some(({ body }) => body.includes(id)));
});

test("an open audit shows its next poll time", async () => {
  const issuer = await newIssuer();
  const { attributes } = await issuer.audit(await issuer.file({}));
  expect(Date.parse(String(attributes.nextPollAt))).toBeGreaterThan(Date.parse(String(attributes.acceptedAt)));
});

test("a refresh without a response from Kard is a 202 and changes nothing", async () => {
  const issuer = await newIssuer();
  const id = await issuer.file({});
  kard.configure({ outage: true });
  const response = await refresh(issuer, id);
  kard.configure({ outage: false });
  expect(response).toMatchObject({ status: 202, json: { data: { attributes: { status: "NEW" } } } });
});

test("a refresh submits a waiting audit", async () => {
  const issuer = await newIssuer();
  const fields = auditFields();
  kard.configure({ status429: 1 });
  const [id = ""] = idsIn(await issuer.create([fields]));
  kard.configure({ status429: 0 });
  // A failed token request is cached for two seconds.
  await until("the audit is submitted", async () => (await refresh(issuer, id)).status === 200);
  expect(await issuer.audit(id)).toMatchObject({ attributes: { status: "NEW" } });
  expect(auditsAtKard(fields.transactionId)).toHaveLength(1);
});

test("an audit that does not exist cannot be read or refreshed", async () => {
  const issuer = await newIssuer();
  const notFound = { status: 404, json: { errors: [{ status: "404", title: "Does Not Exist Error" }] } };
  expect(await refresh(issuer, randomUUID())).toMatchObject(notFound);
  expect(await issuer.call("GET", `/v2/issuers/${issuer.organizationId}/audits/nothing`)).toMatchObject(notFound);
});
