import { expect, test } from "@jest/globals";
import { changeAnnotations } from "../../../../functions/audits-api/audit/change-annotations.ts";
import { submitRequests } from "../../../../functions/audits-api/submit/submit-requests.ts";
import { eventsInOrder } from "../../../../functions/core/audits/change-audit.ts";
import { applyKardStatus } from "../../../../functions/core/tracking/apply-kard-status.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aRequest, closedAtKard, openAudit } from "../../../support/sample-audits.ts";

const metadata = { queue: "vip" };

test("an audit keeps what its issuer adds, and Kard gets none of it", async () => {
  const world = fakeWorld();
  const requests = [{ ...aRequest, transactionAmountInCents: 1250, currency: "USD", reference: "CASE-1", metadata }];
  const input = { organizationId: "org", userId: "user-1", requests, idempotency: undefined };
  const outcome = await submitRequests(world)(input);
  const [result] = outcome.outcome === "submitted" ? outcome.results : [];
  if (result === undefined || !("audit" in result)) throw new Error("it is not stored");
  expect(await world.audits.get(result.audit)).toMatchObject({
    reference: "CASE-1",
    metadata,
    request: { ...aRequest, transactionAmountInCents: 1250, currency: "USD" },
  });
  expect(JSON.stringify([...world.kard.audits.values()])).not.toMatch(/CASE-1|vip/);
});

test("a change shows in later events", async () => {
  const world = fakeWorld();
  const audit = openAudit();
  await world.audits.create(audit);
  await changeAnnotations(world)(audit, { reference: "CASE-2", metadata });
  const followed = await applyKardStatus(world)(audit, closedAtKard());
  if (followed.result !== "changed") throw new Error("it did not change");
  const [closed] = eventsInOrder(followed.audit);
  expect(JSON.parse(closed?.event.body ?? "")).toMatchObject({
    data: { attributes: { reference: "CASE-2", metadata, status: "CLOSED" } },
  });
});

test("concurrent changes are all kept", async () => {
  const world = fakeWorld();
  const audit = openAudit();
  await world.audits.create(audit);
  const change = changeAnnotations(world);
  await Promise.all(["a", "b", "c", "d"].map((key) => change(audit, { metadata: { [key]: key } })));
  expect((await world.audits.get(audit))?.metadata).toEqual({ a: "a", b: "b", c: "c", d: "d" });
});

test("metadata that is too large is refused, and the audit stays as it was", async () => {
  const world = fakeWorld();
  const keys = (first: number) => Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`k${first + i}`, "v"]));
  const audit = openAudit({ metadata: keys(0) });
  await world.audits.create(audit);
  await expect(changeAnnotations(world)(audit, { metadata: keys(10) })).rejects.toMatchObject({
    statusCode: 400,
    errors: [{ source: { pointer: "/data/attributes/metadata" }, detail: "must have at most 20 keys" }],
  });
  expect((await world.audits.get(audit))?.metadata).toEqual(keys(0));
});
