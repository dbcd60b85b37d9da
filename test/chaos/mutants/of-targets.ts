import type { Mutant } from "./mutant.ts";

/** Mutants of the senders to queues, buses, topics and contacts, and of the options of a delivery. */
export const mutantsOfTargets: Record<string, Mutant> = {
  "an event that an issuer's bus refuses counts as delivered": {
    file: "functions/adapters/issuer-targets/bus-target.ts",
    before: "return { statusCode: 200, refused };",
    after: "return { statusCode: refused === undefined ? 200 : 200 };",
  },
  "an issuer's target in an account that is not listed gets events": {
    file: "functions/adapters/issuer-targets/event-sender.ts",
    before: "if (targetError(subscription.organizationId, target, allowed) !== undefined) return refusedAt(clock());",
    after: "",
  },
  "each attempt at a FIFO queue is a message of its own": {
    file: "functions/adapters/issuer-targets/queue-target.ts",
    before: "MessageDeduplicationId: event.id }",
    after: "MessageDeduplicationId: event.id + at }",
  },
  "an entry that the bus did not take is taken for accepted": {
    file: "functions/adapters/eventbridge/put-event.ts",
    before: "if (put?.ErrorCode === undefined) return {};",
    after: "if (put !== undefined) return {};",
  },
  "a throttled bus counts as a permanent refusal": {
    file: "functions/adapters/eventbridge/put-event.ts",
    before: "if (permanentCodes.includes(put.ErrorCode)) return",
    after: "if (put.ErrorCode !== undefined) return",
  },
  "a throttled topic counts as a permanent refusal": {
    file: "functions/adapters/owner-targets/sns-publish.ts",
    before: "return permanentCodes.includes(code) ? code : undefined;",
    after: "return code;",
  },
  "the topic gets one kind of event only": {
    file: "functions/adapters/owner-targets/owner-topic.ts",
    before: 'name: "topic",',
    after: 'name: "topic", eventNames: ["audit.closed"],',
  },
  "a place that an announcement did not reach is marked as announced to": {
    file: "functions/core/publishing/announce-event.ts",
    before: 'sent[i]?.status === "fulfilled" ? name : []',
    after: 'sent[i]?.status === "pending" as never ? [] : name',
  },
  "the contact of one issuer hears of all": {
    file: "functions/core/publishing/announce-event.ts",
    before: "deps.contactOf(organizationId)",
    after: 'deps.contactOf("org")',
  },
  "an attempt does not wait for its slot": {
    file: "functions/deliver-webhooks/deliver-webhook.ts",
    before: "if (slotAt > deps.clock()) await deps.sleep(slotAt - deps.clock());",
    after: "",
  },
  "slots of an endpoint are a tenth of its interval apart": {
    file: "functions/core/subscriptions/endpoint-slots.ts",
    before: "Math.ceil(1e6 / maxPerSecond) / 1e3",
    after: "Math.ceil(1e5 / maxPerSecond) / 1e3",
  },
  "an event does not wait for an earlier one that is pending": {
    file: "functions/deliver-webhooks/decide-delivery.ts",
    before: '(other.status === "pending" || other.status === "held")',
    after: 'other.status === "held"',
  },
  "a thin payload has the whole event": {
    file: "functions/core/notifications/signed-message.ts",
    before: 'subscription.payload === "thin" ? thinBody(message.body) : message.body',
    after: "message.body",
  },
  "a thin payload has the signature of the whole event": {
    file: "functions/core/notifications/signed-message.ts",
    before: "signatureHeaders(secrets, { id: message.id, body: content }, now)",
    after: "signatureHeaders(secrets, message, now)",
  },
  "each failure after twelve hours is announced": {
    file: "functions/core/subscriptions/endpoint-health.ts",
    before: "if (stages > warned.stages) {",
    after: "if (stages > 0) {",
  },
  "an endpoint is disabled without a warning": {
    file: "functions/core/subscriptions/endpoint-health.ts",
    before: "if (failingMs >= disableAfterMs && warned.stages > 0 && now - warned.firstAt >= noticeMs)",
    after: "if (failingMs >= disableAfterMs)",
  },
  "a recovery is not announced": {
    file: "functions/core/subscriptions/endpoint-health.ts",
    before: "  if (inTrouble === undefined) return healthy;",
    after: "  if (inTrouble !== false as never) return healthy;",
  },
};
