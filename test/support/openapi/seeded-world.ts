import { issueApiKey, type Scope, scope } from "../../../functions/core/access/api-key.ts";
import type { Audit } from "../../../functions/core/audits/audit.ts";
import { changeAudit } from "../../../functions/core/audits/change-audit.ts";
import { auditIdOfAdopted } from "../../../functions/core/audits/idempotency.ts";
import { statusEvents } from "../../../functions/core/events/kard-audit-update.ts";
import { notificationId } from "../../../functions/core/notifications/notification-id.ts";
import { newWebhookSecret } from "../../../functions/core/subscriptions/webhook-secret.ts";
import { noon } from "../fake-clock.ts";
import { fakeWorld } from "../fake-world.ts";
import { aNotification, aRequest, aSubscription, openAudit, submittingAudit, waitingAudit } from "../sample-audits.ts";
import type { Setting } from "./requests.ts";

const organizationId = "organization-123";
const resolution = { resolutionCode: 5004, resolutionDescription: null, resolutionTimeStamp: null };
const refusal = { status: 409, errors: [{ status: "409", title: "Conflict Error", detail: "it exists" }] };
const of = (auditId: string) => ({ organizationId, auditId });

const audits = [
  openAudit({ ...of("open"), kardAuditId: "kard-open" }),
  openAudit({ ...of("missing"), kardAuditId: "kard-missing", missingSince: noon }),
  waitingAudit({ ...of("waiting"), submission: "unsent", laneAt: noon }),
  submittingAudit(of("leased")),
  waitingAudit(of("unconfirmed")),
  changeAudit(submittingAudit(of("rejected")), "reject", { refusal }, noon),
  changeAudit(openAudit({ ...of("overdue"), kardAuditId: "kard-overdue" }), "overdue", {}, noon),
  changeAudit(openAudit(of("closed")), "close", { resolution }, noon),
  openAudit({ ...of(auditIdOfAdopted(organizationId, "kard-adopted")), kardAuditId: "kard-adopted" }),
].filter((audit): audit is Audit => audit !== undefined);

const subscriptions = [
  aSubscription({ organizationId, subscriptionId: "plain" }),
  aSubscription({ organizationId, subscriptionId: "all", description: "ü", headers: { "x-key": "of theirs" } }),
  aSubscription({
    organizationId,
    subscriptionId: "filtered",
    filters: { auditCodes: [3006], resolutionCodes: [5004] },
  }),
  aSubscription({ organizationId, subscriptionId: "off", enabled: false, disabled: { at: noon, reason: "gone" } }),
  aSubscription({
    ...{ organizationId, subscriptionId: "kards", format: "kard", eventNames: [...statusEvents] },
    secrets: [{ secret: "the webhook key of Kard" }],
  }),
  aSubscription({
    ...{ organizationId, subscriptionId: "key-pair", failingSince: noon },
    secrets: [{ secret: newWebhookSecret((count) => Buffer.alloc(count, 5), "ed25519") }],
  }),
];

const told = { organizationId, auditId: "closed" };
const notifications = [
  aNotification({ ...told, subscriptionId: "plain", nextAttemptAt: noon + 5_000, laneAt: noon }),
  aNotification({
    ...told,
    subscriptionId: "all",
    status: "delivered",
    attempts: [{ at: noon, ms: 3, statusCode: 204 }],
  }),
  aNotification({
    ...told,
    subscriptionId: "filtered",
    status: "delivery_failed",
    attempts: [{ at: noon, ms: 3, statusCode: 500, error: "timeout" }],
    response: "no such table",
  }),
  aNotification({ ...told, subscriptionId: "off", status: "held", attemptCount: 0, attempts: [], laneAt: noon }),
  aNotification({
    ...{
      organizationId,
      auditId: "off",
      subscriptionId: "plain",
      eventName: "subscription.disabled",
      status: "delivered",
    },
    event: { id: "evt_off_1", body: "{}" },
  }),
];

const keyOf = (scopes: Scope[], byte: number) =>
  issueApiKey({ organizations: [organizationId], scopes }, (count) => Buffer.alloc(count, byte), noon);
const allowedTargets = {
  ...{ partition: "aws", region: "eu-west-1", account: "000000000000" },
  accountsOf: { [organizationId]: ["111122223333"] },
};
const key = keyOf([...scope.options], 3);
const powerless = keyOf([], 4);

/** The callers and resources of a seeded world. */
export const setting: Setting = {
  organizationId,
  apiKey: key.text,
  apiKeyWithoutScopes: powerless.text,
  webhookKey: "the key of the push",
  ids: {
    organizationId: [organizationId],
    file: ["console-1.js"],
    auditId: [...audits.map(({ auditId }) => auditId), "kard-adopted"],
    subscriptionId: subscriptions.map(({ subscriptionId }) => subscriptionId),
    notificationId: notifications.map(notificationId),
  },
  known: {
    kardAuditId: ["kard-open", "kard-adopted", "kard-new"],
    id: ["kard-open", "kard-overdue"],
    transactionId: [aRequest.transactionId],
    arn: [`arn:aws:sqs:${allowedTargets.region}:111122223333:audits`],
    client_id: [key.apiKey.keyId],
    client_secret: [key.text],
  },
};

async function seeded() {
  const world = fakeWorld();
  for (const { apiKey } of [key, powerless]) await world.apiKeys.create(apiKey);
  for (const audit of audits) {
    await world.audits.create(audit);
    const { kardAuditId, request } = audit;
    if (kardAuditId === undefined) continue;
    await world.kardAuditIds.claim(kardAuditId, audit);
    world.kard.audits.set(kardAuditId, { kardAuditId, request, status: "IN_PROGRESS" });
  }
  world.kard.audits.delete("kard-missing");
  world.kard.audits.set("kard-new", { kardAuditId: "kard-new", request: aRequest, status: "CLOSED", resolution });
  for (const subscription of subscriptions) await world.subscriptions.create(subscription);
  for (const notification of notifications) await world.notifications.put(notification, undefined);
  return world;
}

const original = await seeded();

/** A world with every kind of audit, subscription and notification. */
export function seededWorld() {
  const world = { ...fakeWorld(), allowedTargets };
  // Rows are never changed in place, so copying the maps is enough.
  const fill = <Row>(to: Map<string, Row>, from: Map<string, Row>) =>
    from.forEach((row, name) => void to.set(name, row));
  fill(world.state.apiKeys, original.state.apiKeys);
  fill(world.state.audits, original.state.audits);
  fill(world.state.kardAuditIds, original.state.kardAuditIds);
  fill(world.state.subscriptions, original.state.subscriptions);
  fill(world.state.notifications, original.state.notifications);
  fill(world.kard.audits, original.kard.audits);
  return world;
}
