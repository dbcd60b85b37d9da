import { auditOf } from "../../../functions/adapters/dynamodb/audit-row.ts";
import { notificationKey } from "../../../functions/adapters/dynamodb/notifications.ts";
import { fromItem, key } from "../../../functions/adapters/dynamodb/table/table.ts";
import type { Audit } from "../../../functions/core/audits/audit.ts";
import { eventKey, eventsInOrder } from "../../../functions/core/audits/change-audit.ts";
import { shardOf } from "../../../functions/core/shared/lanes.ts";
import {
  isSubscribedTo,
  subscription as subscriptionSchema,
} from "../../../functions/core/subscriptions/subscription.ts";
import { adoption as adoptionSchema, givenUpAt } from "../../../functions/core/tracking/adoption.ts";
import type { Item } from "../../support/dynamodb/dynamodb-expressions.ts";
import type { Written } from "../../support/dynamodb/memory-dynamodb.ts";

const rank = { SUBMITTING: 0, NEW: 1, IN_PROGRESS: 2, CLOSED: 3, REJECTED: 3 };

export type History = ReturnType<typeof createHistory>;

/** Checks every write to the table and collects violations. */
export function createHistory(rows: ReadonlyMap<string, Item>) {
  const violations: string[] = [];
  /** The content of every stored event, by its id. */
  const bodies = new Map<string, string>();
  const violated = (rule: string) => {
    if (!violations.includes(rule)) violations.push(rule);
  };

  const checkAudit = (before: Audit | undefined, after: Audit) => {
    const { auditId, status, sequence } = after;
    const of = `audit ${auditId}`;
    if (before !== undefined && rank[status] < rank[before.status]) {
      violated(`${of}: its status went back from ${before.status} to ${status}`);
    }
    if (before !== undefined && rank[before.status] === 3 && status !== before.status) {
      violated(`${of}: it was ${before.status} and became ${status}`);
    }
    if (sequence < (before?.sequence ?? 0) || sequence > (before?.sequence ?? 0) + 1) {
      violated(`${of}: its sequence went from ${before?.sequence} to ${sequence}`);
    }
    for (let number = 1; number <= sequence; number++) {
      const event = after.events[eventKey(number)];
      if (event === undefined) violated(`${of}: event ${number} of ${sequence} is missing`);
      else sameContent(event.id, event.body);
    }
    if (sequence > (before?.sequence ?? 0) && after.outboxAt === undefined) {
      violated(`${of}: it has a new event and is not in the outbox`);
    }
    if (before?.kardAuditId !== undefined && after.kardAuditId !== before.kardAuditId) {
      violated(`${of}: its Kard id changed`);
    }
    if (before?.outboxAt !== undefined && after.outboxAt === undefined) checkPublished(after);
    checkLane(after);
  };

  /** Once an audit has left the outbox, every matching subscription has a notification of its events. */
  const checkPublished = (audit: Audit) => {
    const subscriptions = [...rows.values()]
      .filter(({ pk, sk, deletedAt }) => {
        const isOfIssuer = pk?.S === `ISSUER#${audit.organizationId}` && sk?.S?.startsWith("SUBSCRIPTION#");
        return isOfIssuer && deletedAt === undefined;
      })
      .map((item) => fromItem(subscriptionSchema, item));
    for (const { sequence, event } of eventsInOrder(audit)) {
      for (const subscription of subscriptions.filter((each) => isSubscribedTo(each, event, audit))) {
        const key = notificationKey({ ...audit, sequence, subscriptionId: subscription.subscriptionId });
        if (!rows.has(JSON.stringify([key.pk, key.sk]))) {
          violated(`audit ${audit.auditId}: out of the outbox without a row of event ${sequence} for everyone`);
        }
      }
    }
  };

  const checkLane = ({ auditId, status, lane, laneAt, acceptedAt, fulfilment }: Audit) => {
    const of = `audit ${auditId}`;
    if (status === "SUBMITTING") {
      if (lane !== "SUBMIT" || laneAt === undefined) violated(`${of}: it is SUBMITTING and in lane ${lane}`);
    } else if (status === "NEW" || status === "IN_PROGRESS") {
      const isPlanned = lane === "OPEN" && laneAt === acceptedAt;
      if (!isPlanned && (lane !== "RECHECK" || laneAt === undefined)) {
        violated(`${of}: it is ${status} and in lane ${lane} at ${laneAt}`);
      }
    } else if (fulfilment === "pending") {
      if (lane !== "FOLLOWUP" || laneAt === undefined) violated(`${of}: its follow-up is pending in lane ${lane}`);
    } else if (lane !== undefined || laneAt !== undefined) violated(`${of}: it is ${status} and in lane ${lane}`);
  };

  const checkKeys = (item: Item) => {
    const audit = auditOf(item);
    const ownShard = `#${key(audit.organizationId, shardOf(audit.auditId))}`;
    for (const partition of [item.lane?.S, item.outbox?.S]) {
      if (partition?.endsWith(ownShard) === false) violated(`audit ${audit.auditId}: it is in ${partition}`);
    }
    if (!item.pk?.S?.startsWith(`AUDIT#${audit.organizationId}#`)) violated(`${item.pk?.S} is of another issuer`);
    return audit;
  };

  const checkAdoption = (item: Item) => {
    const adoption = fromItem(adoptionSchema, item);
    if (Number(item.expiresAt?.N) * 1_000 <= givenUpAt(adoption)) violated(`${item.pk?.S}: it expires before it ends`);
    const { organizationId, kardAuditId } = adoption;
    if (item.lane?.S !== `SUBMIT#${key(organizationId, shardOf(kardAuditId))}`) {
      violated(`${item.pk?.S}: it is in ${item.lane?.S}`);
    }
  };

  /** An event's id always has the same bytes. */
  const sameContent = (id: string, body: string) => {
    const known = bodies.get(id) ?? body;
    bodies.set(id, known);
    if (known !== body) violated(`event ${id} has two contents`);
  };

  return {
    violations,
    violated,
    sameContent,
    bodies,
    onWrite({ before, after }: Written): void {
      // A scenario has stored a row that is not an audit.
      if (before?.sk?.S === "AUDIT" && before.auditId === undefined) return;
      const isFollowedUp = after?.lane?.S?.startsWith("FOLLOWUP#") === true;
      const isSubscribedTo = ((isFollowedUp ? undefined : after?.lane) ?? after?.outbox) !== undefined;
      // A pending adoption ends long before its row expires.
      if (after?.expiresAt !== undefined && isSubscribedTo && after.sk?.S !== "ADOPTION") {
        violated(`${after.pk?.S} ${after.sk?.S}: it expires although it is owed`);
      }
      if (after?.sk?.S === "ADOPTION") checkAdoption(after);
      if (after?.sk?.S === "AUDIT") checkAudit(before === undefined ? undefined : auditOf(before), checkKeys(after));
      else if (before?.sk?.S === "AUDIT") violated("an audit was deleted");
    },
  };
}
