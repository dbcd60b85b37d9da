import type { Audit, AuditKey } from "../core/audits/audit.ts";
import { eventKey } from "../core/audits/change-audit.ts";
import type { AuditStore, IssuerDirectory } from "../core/audits/ports.ts";
import { completed, dueSince, type Notification, type NotificationKey } from "../core/notifications/notification.ts";
import type { DeliveryLane, DeliveryRow, NotificationStore } from "../core/notifications/ports.ts";
import { type DeliveryRequest, sendDeliveries } from "../core/notifications/send-deliveries.ts";
import type { AnnounceDeps } from "../core/publishing/announce-event.ts";
import { announceFailed } from "../core/publishing/announce-failed.ts";
import { settleAll } from "../core/shared/settle-all.ts";
import { forEachShard } from "./for-each-shard.ts";

export interface SendDueDeliveriesDeps extends AnnounceDeps {
  issuers: Pick<IssuerDirectory, "list">;
  audits: Pick<AuditStore, "getAll">;
  deliveryLane: DeliveryLane;
  notifications: Pick<NotificationStore, "getAll" | "put">;
}

/** How long a message may take to bring an outcome before another is sent, in milliseconds. */
const messageGraceMs = 15 * 60_000;

/**
 * The maximum number of messages in one call to SQS.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
const rowsPerBatch = 10;

/**
 * Sends the due notifications of lane DELIVER to the deliveries queue, ten per call: retries, and those whose message
 * brought no outcome. A row is moved only after its message was sent, so it stays due until then. Announces those that
 * were given up.
 *
 * @param stopAt nothing new starts after this time (epoch milliseconds)
 * @returns the number of sent messages, the delay of the most overdue row in milliseconds, and the errors; failed rows
 *   stay in their lane. The delay counts from when a row was first due, also if messages were sent that brought no
 *   outcome.
 */
export function sendDueDeliveries(deps: SendDueDeliveriesDeps) {
  return async (stopAt: number): Promise<{ sent: number; lagMs: number; failures: unknown[] }> => {
    let sent = 0;
    let lagMs = 0;
    const unrecorded: unknown[] = [];
    const send = async (rows: readonly DeliveryRow[]): Promise<void> => {
      const now = deps.clock();
      for (const { laneAt } of rows) lagMs = Math.max(lagMs, now - laneAt);
      const { waiting, failed } = await dueOf(deps, rows, now);
      for (const notification of waiting) lagMs = Math.max(lagMs, now - dueSince(notification));
      const requests = await requestsOf(deps, waiting);
      await sendDeliveries(deps)(requests);
      sent += requests.length;
      unrecorded.push(...(await postponeAll(deps, rows, requests, now)));
      unrecorded.push(...(await settleAll(failed, announceFailed(deps))).failures);
    };
    const failures = await forEachShard({
      issuers: deps.issuers,
      due: (of, limit, after: DeliveryRow | undefined) => deps.deliveryLane.due(of, deps.clock(), limit, after),
      rowsPerBatch,
      work: send,
      isOver: () => deps.clock() >= stopAt,
    });
    return { sent, lagMs, failures: [...failures, ...unrecorded] };
  };
}

/** The notifications of these rows that are still due: those to send, and those that were given up. */
async function dueOf(deps: SendDueDeliveriesDeps, rows: readonly DeliveryRow[], now: number) {
  const stored = await deps.notifications.getAll(rows);
  const due = stored.filter(({ laneAt }) => laneAt !== undefined && laneAt <= now);
  const waiting = due.filter(({ status }) => status === "pending");
  return { waiting, failed: due.filter(({ status }) => status === "delivery_failed") };
}

/** Due notifications with their events. */
async function requestsOf(deps: SendDueDeliveriesDeps, due: readonly Notification[]): Promise<DeliveryRequest[]> {
  const audits = await auditsOf(
    deps,
    due.filter(({ event }) => event === undefined),
  );
  const requests: DeliveryRequest[] = [];
  for (const notification of due) {
    const event = notification.event ?? audits.get(auditName(notification))?.events[eventKey(notification.sequence)];
    if (event !== undefined) requests.push({ notification, event: { id: event.id, body: event.body } });
    // Otherwise the row of an erased audit would be due forever.
    else await deps.notifications.put(completed(notification, "delivery_failed", "audit-erased"), notification);
  }
  return requests;
}

async function auditsOf({ audits }: SendDueDeliveriesDeps, keys: readonly AuditKey[]): Promise<Map<string, Audit>> {
  const distinct = [...new Map(keys.map((key) => [auditName(key), key])).values()];
  const found = distinct.length === 0 ? [] : await audits.getAll(distinct);
  return new Map(found.map((audit) => [auditName(audit), audit]));
}

/** Moves the sent rows to their next time and returns the errors. A row that is not moved is sent twice. */
async function postponeAll(
  { deliveryLane }: SendDueDeliveriesDeps,
  rows: readonly DeliveryRow[],
  requests: readonly DeliveryRequest[],
  now: number,
): Promise<unknown[]> {
  const sent = new Map(requests.map((request) => [rowName(request.notification), request]));
  const { failures } = await settleAll(rows, async (row) => {
    const request = sent.get(rowName(row));
    if (request === undefined) return;
    const to = { laneAt: now + messageGraceMs, dueSince: dueSince(request.notification), event: request.event };
    await deliveryLane.postpone(row, to);
  });
  return failures;
}

function auditName({ organizationId, auditId }: AuditKey): string {
  return JSON.stringify([organizationId, auditId]);
}

function rowName({ organizationId, auditId, sequence, subscriptionId }: NotificationKey): string {
  return JSON.stringify([organizationId, auditId, sequence, subscriptionId]);
}
