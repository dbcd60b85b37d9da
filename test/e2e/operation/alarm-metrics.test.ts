import { randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import { lanePartition } from "../../../functions/adapters/dynamodb/table/lane-partitions.ts";
import { shardOf, shards } from "../../../functions/core/shared/lanes.ts";
import { alarmed, emitted } from "../support/emitted-metrics.ts";
import { auditFields, idsIn } from "../support/issuer.ts";
import { startProduct } from "../support/product.ts";
import { adoptionRow, auditRow, notificationRow, storedRows } from "../support/stored-rows.ts";
import { until } from "../support/until.ts";
import { subscribe } from "../support/webhooks/webhooks.ts";

const { owner, newIssuer, kard, auditsAtKard, outputs, stack, newWebhookReceiver } = await startProduct();
const rows = storedRows(outputs);

const isEmitted = (name: string) => [...emitted({ stack })].some((metric) => metric.endsWith(` ${name}`));

/** Changes an audit's row directly. */
async function alter(auditId: string, changes: Record<string, unknown>): Promise<void> {
  const given = Object.entries(changes).map(([name, value]) => [[name], value] as const);
  await rows.set(auditRow(owner.organizationId, auditId), given);
}

const recheck = (auditId: string) => ({
  lane: lanePartition("RECHECK", owner.organizationId, shardOf(auditId)),
  laneAt: Date.now(),
});

test("an audit open for too long counts as overdue", async () => {
  const id = await owner.file({});
  await alter(id, { acceptedAt: 1, dueAt: 1, ...recheck(id) });
  await until("it is counted", () => isEmitted("poll-audits AuditsOverdue"));
});

test("an audit that Kard no longer has counts as missing", async () => {
  const id = await owner.file({});
  await alter(id, { kardAuditId: "gone", ...recheck(id) });
  await until("it is counted", () => isEmitted("poll-audits AuditsMissingAtKard"));
  expect(isEmitted("poll-audits Kard4xx")).toBe(true);
});

test("refused credentials count in every function, and failed calls in the poller", async () => {
  const fields = auditFields();
  await owner.file(fields);
  kard.configure({ unauthorized: true });
  const response = await owner.create([auditFields()]);
  expect(response.status).toBe(202);
  await until("the API and the poller are refused", () =>
    ["audits-api", "poll-audits"].every((service) => isEmitted(`${service} KardCredentialRefused`)),
  );
  kard.startAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
  await until("a push meets a refusal", () => isEmitted("kard-webhook KardCredentialRefused"));
  kard.configure({ unauthorized: false, outage: true });
  await until("an outage is counted", () => isEmitted("poll-audits Kard5xx"));
  kard.configure({ outage: false, dropConnection: 1 });
  await until("a cut connection is counted", () => isEmitted("poll-audits KardNoResponse"));
  kard.configure({ dropConnection: 0 });
  await until("a response is counted", () => isEmitted("poll-audits Kard2xx"));
});

test("responses that cannot be parsed count in every function", async () => {
  // Refused credentials are cached for half a minute.
  await until("the API asks Kard again", async () => (await owner.create([auditFields()])).status === 201);
  const haveMetOne = (...services: string[]) =>
    services.every((service) => isEmitted(`${service} KardResponsesNotUnderstood`));
  try {
    kard.configure({ responseVariants: { create: "null-id" } });
    await owner.create([auditFields()]);
    await until("the API has met one", () => haveMetOne("audits-api"));
    kard.configure({ responseVariants: { status: "no-status" } });
    // One push after another: the function may still have the refusal, and defers checks above the rate limit.
    await until("the others have met one", async () => {
      const fields = auditFields();
      await owner.file(fields);
      kard.startAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
      return haveMetOne("poll-audits", "kard-webhook");
    });
  } finally {
    kard.configure({ responseVariants: {} });
  }
});

test("an audit that Kard does not confirm within an hour counts", async () => {
  kard.configure({ failNext: [{ route: "create", kind: "status5xx", times: 100 }] });
  const [id = ""] = idsIn(await owner.create([auditFields()]));
  await alter(id, { createdAt: Date.now() - 2 * 3_600_000, laneAt: Date.now() });
  await until("it is counted", () => isEmitted("poll-audits AuditsUnconfirmed"));
  kard.configure({ failNext: [] });
});

test("an adoption without a response from Kard for a week counts", async () => {
  const { organizationId, call } = await newIssuer();
  const kardAuditId = randomUUID();
  const data = [{ type: "audit", attributes: { kardAuditId } }];
  kard.configure({ outage: true });
  const path = `/v2/issuers/${organizationId}/users/user-1/audits/adopt`;
  expect(await call("POST", path, { body: { data } })).toMatchObject({ status: 202 });
  await rows.set(adoptionRow(organizationId, kardAuditId), [
    [["createdAt"], Date.now() - 8 * 24 * 3_600_000],
    [["laneAt"], Date.now()],
  ]);
  await until("it is counted", () => isEmitted("poll-audits AdoptionsGivenUp"));
  kard.configure({ outage: false });
});

test("a clock that is set back counts", async () => {
  const future = { since: Date.now() + 3_600_000 };
  await owner.file({});
  await until("it is counted", async () => {
    for (const shard of shards) {
      const key = { pk: "POLL", sk: `CURSOR#${owner.organizationId}#${shard}` };
      const { cursors = {} } = await rows.get(key);
      for (const band of Object.keys(cursors as object)) await rows.set(key, [[["cursors", band], future]]);
    }
    return isEmitted("poll-audits PollClockResets");
  });
});

test("webhook outcomes count", async () => {
  const [well, ill, gone] = [await newWebhookReceiver(), await newWebhookReceiver(), await newWebhookReceiver()];
  ill.respondWith(500);
  gone.respondWith(410);
  for (const { url } of [well, ill, gone]) await subscribe(owner, url);
  const fields = auditFields();
  await owner.file(fields);
  kard.closeAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
  await until("all is counted", () =>
    ["WebhooksDelivered", "WebhooksToRetry", "SubscriptionsDisabled"].every((name) =>
      isEmitted(`deliver-webhooks ${name}`),
    ),
  );
});

test("a webhook whose last attempt fails counts as exhausted", async () => {
  const ill = await newWebhookReceiver();
  ill.respondWith(500);
  const { id: subscriptionId } = await subscribe(owner, ill.url);
  const fields = auditFields();
  const auditId = await owner.file(fields);
  kard.closeAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
  const key = notificationRow(owner.organizationId, auditId, 1, subscriptionId);
  await until("the first attempt is recorded", async () => (await rows.get(key)).attemptCount === 1);
  await rows.set(key, [
    [["attemptCount"], 9],
    [["laneAt"], Date.now()],
  ]);
  await until("it is counted", () => isEmitted("deliver-webhooks WebhooksExhausted"));
});

test("an endpoint that fails for hours counts", async () => {
  const ill = await newWebhookReceiver();
  ill.respondWith(500);
  const { id } = await subscribe(owner, ill.url);
  const failingSince = Date.now() - 7 * 3_600_000;
  await rows.set({ pk: `ISSUER#${owner.organizationId}`, sk: `SUBSCRIPTION#${id}` }, [
    [["failingSince"], failingSince],
  ]);
  const fields = auditFields();
  await owner.file(fields);
  kard.closeAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
  await until("it is counted", () => isEmitted("deliver-webhooks EndpointsFailing"));
});

test("every metric of an alarm is emitted, in its namespace and with its dimension", async () => {
  const expected = alarmed();
  expect(expected.size).toBeGreaterThan(12);
  await until("the scheduled functions emit their lag", () => isEmitted("sweep-outbox DeliveryLagSeconds"));
  // SQS refuses no message of a running stack, so this metric is not emitted: see report-refusal.test.ts.
  const isProvoked = (metric: string) => !metric.endsWith(" PublishRefused");
  expect([...expected].filter((metric) => isProvoked(metric) && !emitted({ stack }).has(metric))).toEqual([]);
});
