import type * as z from "zod";
import { type Audit, isOpen } from "../../core/audits/audit.ts";
import { auditAttributes, auditRelationships } from "../../core/audits/audit-resource.ts";
import { eventKey, eventsInOrder } from "../../core/audits/change-audit.ts";
import { timestamp } from "../../core/events/events.ts";
import type { Notification } from "../../core/notifications/notification.ts";
import { notificationId } from "../../core/notifications/notification-id.ts";
import { refusalOf } from "../../core/publishing/send-to-owner.ts";
import { type PollPlan, pollTimes } from "../../core/tracking/poll-plan.ts";
import type { auditDetailsShape, auditShape, owedNotification } from "../audit-shapes.ts";

type MomentShape = z.infer<typeof auditDetailsShape>["attributes"]["timeline"][number];
type Moment = Omit<MomentShape, "at"> & { at: number };

/** An audit as a JSON:API resource, as in lists. */
export function auditResource(audit: Audit): z.infer<typeof auditShape> {
  return {
    type: "audit",
    id: audit.auditId,
    attributes: {
      ...auditAttributes(audit),
      submission: audit.submission,
      createdAt: timestamp(audit.createdAt),
      ...times({ acceptedAt: audit.acceptedAt, settledAt: audit.settledAt, overdueAt: audit.overdueAt }),
      ...times({ followUpAt: audit.fulfilmentAt ?? audit.followUp?.dueAt }),
      ...times({ missingSince: audit.missingSince, acceptedWithoutIdAt: audit.acceptedWithoutIdAt }),
      ...(audit.kardStatus === undefined ? {} : { kardStatus: audit.kardStatus }),
      ...(audit.refusal === undefined ? {} : { refusal: audit.refusal.errors }),
      sequence: audit.sequence,
    },
    ...auditRelationships(audit),
  };
}

/** An audit with its history in order and the deliveries of its events. */
export function auditDetails(
  audit: Audit,
  notifications: readonly Notification[],
  plan: PollPlan,
  now: number,
): z.infer<typeof auditDetailsShape> {
  const resource = auditResource(audit);
  return {
    ...resource,
    attributes: {
      ...resource.attributes,
      ...polls(audit, plan, now),
      timeline: timeline(audit, notifications).map(({ at, ...moment }) => ({ ...moment, at: timestamp(at) })),
      notifications: notifications.map((each) => summary(audit, each)),
    },
  };
}

/** The last and next time that Kard is called: by the plan for an open audit, by its lane for others. */
function polls(audit: Audit, plan: PollPlan, now: number) {
  if (audit.lane === undefined || audit.lane === "FOLLOWUP") return {};
  if (!isOpen(audit.status) || audit.acceptedAt === undefined) return times({ nextSubmissionAt: audit.laneAt });
  const { last, next } = pollTimes(plan, audit.acceptedAt, now);
  return times({ lastPolledAt: last, nextPollAt: audit.lane === "RECHECK" ? audit.laneAt : next });
}

function summary(audit: Audit, notification: Notification): z.infer<typeof owedNotification> {
  const { sequence, subscriptionId, eventName, status, attemptCount, nextAttemptAt } = notification;
  return {
    id: notificationId(notification),
    eventId: audit.events[eventKey(sequence)]?.id,
    eventName,
    sequence,
    subscriptionId,
    status,
    attempts: attemptCount,
    ...times({ nextAttemptAt }),
  };
}

function timeline(audit: Audit, notifications: readonly Notification[]): Moment[] {
  const moments: (Moment | undefined)[] = [
    { what: "accepted", at: audit.createdAt },
    moment("sent", audit.acceptedAt),
    moment("in_progress", audit.startedAt),
    moment("due_soon", audit.dueSoonAt),
    moment("overdue", audit.overdueAt),
    moment(audit.status === "REJECTED" ? "rejected" : "closed", audit.settledAt),
    moment(audit.fulfilment === "fulfilled" ? "fulfilled" : "unfulfilled", verdictAt(audit)),
    ...eventsInOrder(audit).map(({ sequence, event }) =>
      moment("published", event.publishedAt, {
        ...{ eventId: event.id, event: event.type, sequence },
        error: refusalOf(event),
      }),
    ),
    ...notifications.flatMap(({ sequence, subscriptionId, attempts }) =>
      attempts.map(({ at, ms, statusCode, error }) => ({
        what: "delivery" as const,
        at,
        ...{ sequence, subscriptionId, milliseconds: ms, statusCode, error },
      })),
    ),
  ];
  return moments.filter((given) => given !== undefined).sort((a, b) => a.at - b.at);
}

/** When the comparison with Kard's rewards had a result, if it had one. */
function verdictAt({ fulfilment, fulfilmentAt }: Audit): number | undefined {
  return fulfilment === "unknown" ? undefined : fulfilmentAt;
}

function moment(
  what: Moment["what"],
  at: number | undefined,
  details: Omit<Moment, "what" | "at"> = {},
): Moment | undefined {
  return at === undefined ? undefined : { what, at, ...details };
}

/** The known times, as ISO 8601. */
function times<Name extends string>(known: Record<Name, number | undefined>): { [name in Name]?: string } {
  const given = Object.entries<number | undefined>(known);
  return Object.fromEntries(given.flatMap(([name, at]) => (at === undefined ? [] : [[name, timestamp(at)]]))) as {
    [name in Name]?: string;
  };
}
