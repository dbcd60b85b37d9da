import { isDeepStrictEqual } from "node:util";
import { auditOf } from "../../../../functions/adapters/dynamodb/audit-row.ts";
import { feedKey } from "../../../../functions/adapters/dynamodb/event-feed.ts";
import { kardAuditIdKey } from "../../../../functions/adapters/dynamodb/kard-audit-ids.ts";
import { fromItem } from "../../../../functions/adapters/dynamodb/table/table.ts";
import { type Audit, isOpen } from "../../../../functions/core/audits/audit.ts";
import { eventsInOrder } from "../../../../functions/core/audits/change-audit.ts";
import {
  type Notification,
  notification as notificationSchema,
} from "../../../../functions/core/notifications/notification.ts";
import { dayFigures } from "../../../../functions/core/stats/day-figures.ts";
import {
  type Subscription,
  subscription as subscriptionSchema,
} from "../../../../functions/core/subscriptions/subscription.ts";
import type { World } from "../world.ts";
import {
  checkDelivery,
  checkNotification,
  checkResolution,
  checkTenantIsolation,
  expectedDeliveries,
} from "./delivery-checks.ts";
import { checkTargets } from "./target-checks.ts";

/** What must be true when everything has settled. */
export function checkEndState(world: World): void {
  const { rows, history, outside } = world;
  if (outside.isEndless()) history.violated("calls are made without end");
  const audits: Audit[] = [];
  const notifications: Notification[] = [];
  const subscriptions: Subscription[] = [];
  for (const item of rows.rows.values()) {
    const kind = item.sk?.S?.split("#")[0];
    if (kind === "AUDIT") audits.push(auditOf(item));
    else if (kind === "NOTIFICATION") notifications.push(fromItem(notificationSchema, item));
    else if (kind === "SUBSCRIPTION") subscriptions.push(fromItem(subscriptionSchema, item));
  }
  checkRequests(world, audits);
  checkAdoptions(world, audits);
  checkCreates(world);
  for (const audit of audits) {
    checkResolution(world, audit);
    checkFeed(world, audit);
    for (const owed of expectedDeliveries(audit, subscriptions)) checkDelivery(world, audit, owed, notifications);
  }
  for (const notification of notifications) checkNotification(world, notification, subscriptions);
  checkFigures(world, audits);
  checkTargets(world, audits);
  checkTenantIsolation(world);
  for (const { auditId, outboxAt } of audits) {
    if (outboxAt !== undefined) history.violated(`audit ${auditId}: it is in the outbox for ever`);
  }
}

/** A request with a 2xx ends settled, or is in one lane with a time. Each write checks the lane. */
function checkRequests({ history, submitted }: World, audits: readonly Audit[]): void {
  for (const { statusCode, auditIds, input } of submitted) {
    for (const auditId of auditIds) {
      const audit = audits.find((one) => one.auditId === auditId);
      if (audit === undefined) history.violated(`audit ${auditId}: answered ${statusCode} and not in the table`);
      else if (audit.organizationId !== input.organizationId) history.violated(`audit ${auditId}: of another issuer`);
      else if (audit.status !== "CLOSED" && audit.status !== "REJECTED" && audit.laneAt === undefined) {
        history.violated(`audit ${auditId}: ${audit.status} and in no lane`);
      } else if (isOpen(audit.status) || audit.status === "SUBMITTING") {
        history.violated(`audit ${auditId}: ${audit.status} when all has come to rest`);
      }
    }
  }
}

/** An id that an issuer was promised is tracked if Kard shows it to that issuer, and no adoption waits forever. */
function checkAdoptions({ history, adoptions, kard, rows }: World, audits: readonly Audit[]): void {
  for (const { organizationId, kardAuditId } of adoptions) {
    const tracked = audits.find((one) => one.kardAuditId === kardAuditId);
    if (kard.audits.has(kardAuditId) && tracked === undefined) {
      history.violated(`${kardAuditId}: ${organizationId} was told that it is adopted, and nobody tracks it`);
    }
  }
  for (const { pk, sk } of rows.rows.values()) {
    if (sk?.S === "ADOPTION") history.violated(`${pk?.S}: pending when all has come to rest`);
  }
}

/** An audit is submitted again only after a failed submission. */
function checkCreates({ kard: { creates, audits }, history, rows }: World): void {
  const isSame = (one: (typeof creates)[number], other: (typeof creates)[number]) =>
    one.organizationId === other.organizationId && isDeepStrictEqual(one.request, other.request);
  const own = [...rows.rows.values()].filter(({ sk }) => sk?.S === "AUDIT").map(auditOf);
  for (const [position, again] of creates.entries()) {
    const first = creates.slice(0, position).find((one) => one.taken && isSame(one, again));
    // Two audits may have the same request.
    const isShared = own.filter((one) => isSame({ ...first, ...one } as typeof again, again)).length > 1;
    if (first !== undefined && !isShared && again.struckBefore === first.struckBefore) {
      history.violated(`${again.request.transactionId}: handed to Kard twice although nothing went wrong`);
    }
  }
  const owners = new Map<string, Audit>();
  for (const audit of own) {
    const { auditId, organizationId, kardAuditId, request } = audit;
    if (kardAuditId === undefined) continue;
    const atKard = audits.get(kardAuditId);
    const other = owners.get(kardAuditId);
    // Of two with the same request, a lost response may be attached to either: Kard has one audit, and both get its
    // events.
    if (other !== undefined && !isDeepStrictEqual(other.request, request)) {
      history.violated(`audits ${other.auditId} and ${auditId} are both ${kardAuditId} at Kard`);
    }
    if (other !== undefined && other.organizationId !== organizationId) {
      history.violated(`${kardAuditId} belongs to two issuers`);
    }
    owners.set(kardAuditId, audit);
    if (atKard !== undefined && (atKard.organizationId ?? organizationId) !== organizationId)
      history.violated(`audit ${auditId}: is another issuer's at Kard`);
    if (!isDeepStrictEqual(atKard?.audit.request, request)) {
      history.violated(`audit ${auditId}: ${kardAuditId} asks for something else`);
    }
  }
  for (const { auditId, organizationId, kardAuditId } of own) {
    if (kardAuditId === undefined) continue;
    const { pk, sk } = kardAuditIdKey(kardAuditId);
    const claim = rows.rows.get(JSON.stringify([pk, sk]));
    if (claim?.organizationId?.S !== organizationId)
      history.violated(`audit ${auditId}: ${kardAuditId} is not claimed`);
  }
  for (const id of audits.keys()) {
    if (!owners.has(id)) history.violated(`${id} is at Kard and nobody follows it`);
  }
}

/** The figures of a day are those of the audits in the table, up to the times that they say. */
function checkFigures({ rows, history }: World, audits: readonly Audit[]): void {
  for (const item of rows.rows.values()) {
    const [kind, organizationId] = item.pk?.S?.split("#") ?? [];
    if (kind !== "STATS") continue;
    const figures = fromItem(dayFigures, item);
    const day = Date.parse(`${item.sk?.S?.slice("DAY#".length)}T00:00:00Z`);
    const isIn = (time = 0, through = 0) => time >= day && time < through;
    const own = audits.filter((audit) => audit.organizationId === organizationId);
    const filed = own.filter(({ createdAt }) => isIn(createdAt, figures.filedThrough)).length;
    const closed = own.filter(
      ({ status, settledAt }) => status === "CLOSED" && isIn(settledAt, figures.settledThrough),
    );
    if (figures.filed !== filed) history.violated(`${item.sk?.S}: ${figures.filed} filed instead of ${filed}`);
    if (figures.closed !== closed.length)
      history.violated(`${item.sk?.S}: ${figures.closed} closed instead of ${closed.length}`);
  }
}

/** Each event is in the feed of its issuer, at the place that is stored on it. */
function checkFeed({ rows, history }: World, audit: Audit): void {
  const { organizationId, auditId } = audit;
  for (const { sequence, event } of eventsInOrder(audit)) {
    const { pk, sk } = feedKey(organizationId, { at: event.feedAt ?? 0, auditId, sequence });
    const entry = rows.rows.get(JSON.stringify([pk, sk]));
    if (entry?.eventId?.S !== event.id) history.violated(`event ${event.id}: not in the feed`);
  }
}
