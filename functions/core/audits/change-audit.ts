import { asciiJson } from "../events/ascii-json.ts";
import { type AuditEventBody, type AuditEventType, eventId, timestamp } from "../events/events.ts";
import type { Resolution } from "../kard/resolution.ts";
import { type Audit, type AuditEvent, type TransitionName, transitions } from "./audit.ts";
import { auditAttributes, auditRelationships } from "./audit-resource.ts";

/** How long the function that made a change may take to publish it before the sweep does, in milliseconds. */
export const publishGraceMs = 60_000;

/** The data of each transition. */
export interface TransitionFacts {
  accept: { kardAuditId: string };
  refuse: { refusal: NonNullable<Audit["refusal"]> };
  reject: { refusal: NonNullable<Audit["refusal"]> };
  start: object;
  close: { resolution: Resolution };
  dueSoon: object;
  overdue: object;
  fulfil: object;
  leaveUnfulfilled: object;
}

/**
 * Applies a transition: the new status and lane and, if the transition has one, the event with its place in the outbox.
 * `undefined` if the audit's status does not allow the transition.
 */
export function changeAudit<Name extends TransitionName>(
  audit: Audit,
  name: Name,
  facts: TransitionFacts[Name],
  now: number,
): Audit | undefined {
  const transition = transitions[name];
  if (!(transition.from as readonly string[]).includes(audit.status)) return undefined;
  const changed = place({ ...audit, ...facts, status: transition.to ?? audit.status, ...moment(name, now) }, name, now);
  return transition.event === undefined ? changed : withEvent(changed, transition.event, now);
}

function moment(name: TransitionName, now: number): Partial<Audit> {
  switch (name) {
    case "accept":
      return { acceptedAt: now, submission: "confirmed" };
    case "refuse":
    case "reject":
      return { settledAt: now, submission: "confirmed" };
    case "start":
      return { startedAt: now };
    case "close":
      return { settledAt: now };
    case "dueSoon":
      return { dueSoonAt: now };
    case "overdue":
      return { overdueAt: now };
    case "fulfil":
      return { fulfilment: "fulfilled", fulfilmentAt: now };
    case "leaveUnfulfilled":
      return { fulfilment: "unfulfilled", fulfilmentAt: now };
  }
}

function place(audit: Audit, name: TransitionName, now: number): Audit {
  const { lane: _lane, laneAt: _laneAt, leasedUntil: _leasedUntil, ...placeless } = audit;
  switch (transitions[name].lane) {
    case "OPEN":
      return { ...placeless, lane: "OPEN", laneAt: now };
    case "none":
      return placeless;
    case "stay":
      return audit;
  }
}

function withEvent(audit: Audit, type: AuditEventType, now: number): Audit {
  const sequence = audit.sequence + 1;
  const id = eventId(audit.auditId, sequence);
  const body: AuditEventBody = {
    id,
    type,
    timestamp: timestamp(now),
    data: {
      type: "audit",
      id: audit.auditId,
      attributes: auditAttributes(audit),
      ...auditRelationships(audit),
      sequence,
    },
  };
  const event: AuditEvent = { id, type, at: now, body: asciiJson(body) };
  return {
    ...audit,
    sequence,
    events: { ...audit.events, [eventKey(sequence)]: event },
    outboxAt: now + publishGraceMs,
  };
}

/** The attribute name of an event in the audit: `e1`, `e2` … */
export function eventKey(sequence: number): string {
  return `e${sequence}`;
}

export interface NumberedEvent {
  sequence: number;
  event: AuditEvent;
}

/** An audit's events, oldest first. */
export function eventsInOrder(audit: Audit): NumberedEvent[] {
  const inOrder: NumberedEvent[] = [];
  for (let sequence = 1; sequence <= audit.sequence; sequence++) {
    const event = audit.events[eventKey(sequence)];
    if (event !== undefined) inOrder.push({ sequence, event });
  }
  return inOrder;
}
