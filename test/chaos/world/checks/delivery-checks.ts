import type { Audit } from "../../../../functions/core/audits/audit.ts";
import { eventsInOrder } from "../../../../functions/core/audits/change-audit.ts";
import type { Notification } from "../../../../functions/core/notifications/notification.ts";
import { isSubscribedTo, type Subscription } from "../../../../functions/core/subscriptions/subscription.ts";
import { queueUrls } from "../functions.ts";
import type { World } from "../world.ts";

export function checkResolution({ queues, history }: World, audit: Audit): void {
  const closed = eventsInOrder(audit).filter(({ event }) => event.type === "audit.closed");
  if ((audit.status === "CLOSED") !== (closed.length === 1)) {
    history.violated(`audit ${audit.auditId}: ${audit.status} with ${closed.length} events that say closed`);
  }
  for (const { event } of closed) {
    const sent = queues.of(queueUrls.resolutions).filter(({ body }) => JSON.parse(body).id === event.id);
    const isRefused = queues.isRefused(queueUrls.resolutions, event.id);
    if (event.publishError !== undefined && !isRefused) history.violated(`event ${event.id}: refused by nobody`);
    if (sent.length === 0 && (!isRefused || event.publishError === undefined))
      history.violated(`audit ${audit.auditId}: its resolution is not on the queue`);
    for (const { body } of sent) history.sameContent(event.id, body);
  }
}

export function expectedDeliveries(audit: Audit, subscriptions: readonly Subscription[]) {
  return eventsInOrder(audit).flatMap(({ sequence, event }) =>
    subscriptions
      .filter((one) => one.organizationId === audit.organizationId && isSubscribedTo(one, event, audit))
      .map((subscription) => ({ sequence, event, subscription })),
  );
}

export function checkDelivery(
  { history, endpoints }: World,
  audit: Audit,
  { sequence, event, subscription }: ReturnType<typeof expectedDeliveries>[number],
  notifications: readonly Notification[],
): void {
  const { subscriptionId, webhookUrl } = subscription;
  const of = `event ${event.id} for ${subscriptionId}`;
  const record = notifications.find(
    (one) => one.auditId === audit.auditId && one.sequence === sequence && one.subscriptionId === subscriptionId,
  );
  if (record === undefined) history.violated(`${of}: there is no record`);
  const arrived = endpoints.all.get(webhookUrl)?.received.some((one) => one.id === event.id && one.statusCode < 300);
  if (record?.status === "delivered" && !arrived) history.violated(`${of}: recorded as delivered and never received`);
}

export function checkNotification(
  { history, queues }: World,
  record: Notification,
  subscriptions: readonly Subscription[],
): void {
  const { auditId, sequence, subscriptionId, status, laneAt, attempts, attemptCount, failure } = record;
  const eventId = `evt_${auditId.replaceAll("-", "")}_${sequence}`;
  const isRefused = [queueUrls.usual, queueUrls.slow].some((url) => queues.isRefused(url, eventId));
  if (failure === "queue-refused" && !isRefused) history.violated(`event ${eventId}: refused by no queue`);
  const of = `notification ${auditId}/${sequence} for ${subscriptionId}`;
  const isEnabled = subscriptions.find((one) => one.subscriptionId === subscriptionId)?.enabled;
  if (status === "pending") history.violated(`${of}: pending when all has come to rest`);
  if (status === "held" && laneAt === undefined) history.violated(`${of}: held and in no lane`);
  if (status === "held" && isEnabled === true) history.violated(`${of}: held although its subscription is enabled`);
  if (status === "delivery_failed" && laneAt !== undefined) history.violated(`${of}: given up and not announced`);
  const delivered = attempts.at(-1)?.statusCode;
  if (status === "delivered" && (delivered === undefined || delivered >= 300)) {
    history.violated(`${of}: delivered by an attempt that failed`);
  }
  if (attempts.length !== Math.min(attemptCount, 10)) history.violated(`${of}: ${attempts.length} of ${attemptCount}`);
}

/** The attributes of a thin payload. */
const thinAttributes = ["organizationId", "status", "eventId"];

/** Nothing of one issuer is sent to another, and an event has the same bytes everywhere, except in thin payloads. */
export function checkTenantIsolation({ queues, endpoints, history }: World): void {
  for (const { body, attributes } of queues.of(queueUrls.resolutions)) {
    const { id, data } = JSON.parse(body);
    history.sameContent(id, body);
    if (attributes.organizationId !== data.attributes.organizationId) history.violated(`event ${id}: another issuer's`);
  }
  for (const { organizationId, received, payload } of endpoints.all.values()) {
    for (const { id, body } of received) {
      const { attributes } = JSON.parse(body).data;
      history.sameContent(payload === "thin" ? `thin ${id}` : id, body);
      if (payload === "thin" && Object.keys(attributes).some((name) => !thinAttributes.includes(name)))
        history.violated(`event ${id}: its thin payload has ${Object.keys(attributes)}`);
      if (attributes.organizationId !== organizationId) {
        history.violated(`event ${id}: sent to another issuer`);
      }
    }
  }
}
