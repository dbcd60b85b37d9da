import { expect, test } from "@jest/globals";
import { synthesize } from "../../../infra/local/synthesize.ts";
import { emitted } from "../support/emitted-metrics.ts";
import { auditFields } from "../support/issuer.ts";
import { startProduct } from "../support/product.ts";
import { auditRow, storedRows } from "../support/stored-rows.ts";
import { until } from "../support/until.ts";
import { subscribe, verified } from "../support/webhooks/webhooks.ts";

const product = await startProduct({ synthesize, context: { followUpAfterDays: "14" } });
const { owner, kard, auditsAtKard, outputs, newWebhookReceiver } = product;
const rows = storedRows(outputs);
const user = { organizationId: owner.organizationId, userId: "user-1" };

/** Files an audit, and lets Kard close it with a promise. Returns its id and transaction. */
async function promised(resolutionCode: number): Promise<{ id: string; transactionId: string }> {
  const fields = auditFields();
  const { transactionId } = fields;
  if (resolutionCode === 5002) kard.setReward(user, { transactionId, amountInCents: 500 });
  const { json } = await owner.create([fields], { userId: user.userId });
  const id = (json as { data: [{ id: string }] }).data[0].id;
  kard.closeAudit(auditsAtKard(transactionId)[0]?.id ?? "", { resolutionCode });
  await until("it is closed", async () => (await owner.audit(id)).attributes.status === "CLOSED");
  expect(await owner.audit(id)).toMatchObject({ attributes: { fulfilment: "pending" } });
  return { id, transactionId };
}

/** Moves the comparison, which is due in 14 days, to now. */
const comeDue = (id: string) =>
  rows.set(auditRow(owner.organizationId, id), [
    [["followUp", "dueAt"], Date.now()],
    [["laneAt"], Date.now()],
  ]);

const listed = async (fulfilment: string) => {
  const path = `/v2/issuers/${owner.organizationId}/audits?filter[fulfilment]=${fulfilment}`;
  const { json } = await owner.call("GET", path);
  return (json as { data: { id: string }[] }).data.map(({ id }) => id);
};

test("an adjustment that Kard makes is fulfilled, and a resend that is missing is not", async () => {
  const receiver = await newWebhookReceiver();
  const { secret } = await subscribe(owner, receiver.url, ["audit.fulfilled", "audit.unfulfilled"]);
  const adjusted = await promised(5002);
  const missing = await promised(5007);
  expect((await listed("pending")).toSorted()).toEqual([adjusted.id, missing.id].toSorted());

  const followUp = async () => (await rows.get(auditRow(owner.organizationId, adjusted.id))).followUp as object;
  await until("the reward before the adjustment is read", async () => "before" in (await followUp()));
  kard.setReward(user, { transactionId: adjusted.transactionId, amountInCents: 700 });
  await comeDue(adjusted.id);
  await comeDue(missing.id);

  await until("both events have arrived", () => receiver.received.length === 2);
  const events = receiver.received.map((webhook) => verified(webhook, secret));
  const byType = Object.fromEntries(events.map((event) => [event.type, event]));
  expect(byType["audit.fulfilled"]).toMatchObject({
    data: { id: adjusted.id, sequence: 2, attributes: { status: "CLOSED", fulfilment: "fulfilled" } },
  });
  expect(byType["audit.unfulfilled"]).toMatchObject({
    data: { id: missing.id, sequence: 2, attributes: { status: "CLOSED", fulfilment: "unfulfilled" } },
  });

  await until("the lists have both", async () => (await listed("fulfilled,unfulfilled")).length === 2);
  expect(await listed("fulfilled")).toEqual([adjusted.id]);
  expect(await listed("unfulfilled")).toEqual([missing.id]);
  const { json } = await owner.call("GET", `/v2/issuers/${owner.organizationId}/stats`);
  expect(json).toMatchObject({
    data: { attributes: { fulfilments: { byState: { fulfilled: 1, unfulfilled: 1 }, isComplete: true } } },
  });
  await until("the alarm's metric is emitted", () =>
    [...emitted(product)].some((metric) => metric.endsWith(" poll-audits AuditsUnfulfilled")),
  );
});
