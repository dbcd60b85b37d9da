import type { Audit, AuditEvent } from "../audits/audit.ts";
import type { NumberedEvent } from "../audits/change-audit.ts";
import type { Clock } from "../shared/ports.ts";
import type { OwnerEvent, OwnerTarget } from "./ports.ts";

/** The fields of an event that record what each target did with it. */
const markFields = {
  queue: { sentAt: "queuedAt", refused: "publishError" },
  bus: { sentAt: "busAt", refused: "busError" },
  topic: { sentAt: "topicAt", refused: "topicError" },
} as const satisfies Record<OwnerTarget["name"], { sentAt: keyof AuditEvent; refused: keyof AuditEvent }>;

/**
 * Sends an audit's events to one target of the owner, in order. A permanent refusal of AWS is stored on the event, and
 * it is not sent to this target again.
 *
 * @returns the marks of the events
 * @throws what the target throws; a later run sends again what is not marked
 */
export async function sendToOwner(
  target: OwnerTarget,
  clock: Clock,
  audit: Audit,
  events: readonly NumberedEvent[],
): Promise<Map<number, Partial<AuditEvent>>> {
  const { sentAt, refused: refusedField } = markFields[target.name];
  const marks = new Map<number, Partial<AuditEvent>>();
  for (const { sequence, event } of events) {
    if (target.eventNames?.includes(event.type) === false) continue;
    if (event[sentAt] !== undefined || event[refusedField] !== undefined) continue;
    const { refused } = await target.send(ownerEventOf(audit, event));
    marks.set(sequence, refused === undefined ? { [sentAt]: clock() } : { [refusedField]: refused });
  }
  return marks;
}

/** An audit's event for the owner's targets. */
export function ownerEventOf(audit: Audit, { id, type, at, body }: AuditEvent): OwnerEvent {
  const { organizationId, auditId: subjectId } = audit;
  const code = type === "audit.closed" ? audit.resolution?.resolutionCode : undefined;
  const event = { id, type, at, body };
  return { organizationId, subjectId, event, ...(typeof code === "number" ? { resolutionCode: code } : {}) };
}

/** Why targets refused an event permanently: the queue's code, or `bus: ` or `topic: ` and the code. */
export function refusalOf({ publishError, busError, topicError }: AuditEvent): string | undefined {
  const all = [publishError, busError && `bus: ${busError}`, topicError && `topic: ${topicError}`];
  const given = all.filter((one) => one !== undefined);
  return given.length === 0 ? undefined : given.join(", ");
}
