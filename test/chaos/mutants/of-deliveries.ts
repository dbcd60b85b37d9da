import type { Mutant } from "./mutant.ts";

/** Mutants of delivering webhooks. */
export const mutantsOfDeliveries: Record<string, Mutant> = {
  "a retry whose message is lost is lost": {
    file: "functions/deliver-webhooks/record-attempt.ts",
    before: "{ ...notification, nextAttemptAt, laneAt: nextAttemptAt + messageGraceMs }",
    after: "{ ...notification, nextAttemptAt, laneAt: undefined as never }",
  },
  "a failure is recorded as delivered": {
    file: "functions/deliver-webhooks/record-attempt.ts",
    before: "    if (delivered) {",
    after: "    if (delivered || attempt.statusCode === 503) {",
  },
  "a delivery that ends its worker takes those beside it along, again and again": {
    file: "functions/platform/sqs.ts",
    before: `options.isSuspect?.(message) ? "suspects" : "fresh",`,
    after: `options.isSuspect === undefined ? "suspects" : "fresh",`,
  },
  "an attempt that was cut off is not on record": {
    file: "functions/deliver-webhooks/record-attempt.ts",
    before: `if ((await deps.notifications.put(waiting, seen)) === "stale") return { result: "skipped" };`,
    after: "if (seen === undefined) return waiting as never;",
  },
  "suspects are recorded together, at the end": {
    file: "functions/platform/sqs.ts",
    before: "        await work(suspect);\n        await finish();",
    after: "        await work(suspect);",
  },
  "what is held is in the lane of the retries": {
    file: "functions/adapters/dynamodb/notifications.ts",
    before: `if (notification.status === "held") return heldPartition(notification);`,
    after: "",
  },
  "what is held is in no lane": {
    file: "functions/core/notifications/notification.ts",
    before: `return { ...rest, event, status: "held", laneAt: now };`,
    after: `return { ...rest, event, status: "held" };`,
  },
  "a replay whose message is lost is lost": {
    file: "functions/core/notifications/notification.ts",
    before: `return { ...rest, status: "pending", laneAt, replayedAfter`,
    after: `return { ...rest, status: "pending", laneAt: undefined, replayedAfter`,
  },
  "a replay is undone by the attempt under way": {
    file: "functions/adapters/dynamodb/notifications.ts",
    before: "Object.entries({ replayedAfter, nextAttemptAt })",
    after: "Object.entries({ nextAttemptAt })",
  },
  "enabling sends nothing that was held": {
    file: "functions/core/notifications/held-notifications.ts",
    before: `status === "held"`,
    after: `status !== "held"`,
  },
  "enabling is not finished after a crash": {
    file: "functions/core/subscriptions/endpoint-health.ts",
    before: "? { ...rest, enabled, outboxAt: now + settleGraceMs }",
    after: "? { ...rest, enabled }",
  },
  "an endpoint's health is not announced after a crash": {
    file: "functions/core/subscriptions/health-event.ts",
    before: "slice(-maxWaitingEvents), outboxAt };",
    after: "slice(-maxWaitingEvents) };",
  },
  "a delivery that was given up is not announced after a crash": {
    file: "functions/core/notifications/notification.ts",
    before: "? { ...failed, laneAt: now + announceGraceMs } : failed;",
    after: "? failed : failed;",
  },
  "a subscription is changed over another change": {
    file: "functions/adapters/dynamodb/subscriptions.ts",
    before: `condition: "revision = :seen"`,
    after: `condition: "revision = :seen OR revision <> :seen"`,
  },
  "a message that brings no outcome is left for weeks": {
    file: "functions/sweep-outbox/send-due-deliveries.ts",
    before: "const messageGraceMs = 15 * 60_000;",
    after: "const messageGraceMs = 15 * 24 * 60 * 60_000;",
  },
  "a sweep that sends nothing is not late": {
    file: "functions/sweep-outbox/send-due-deliveries.ts",
    before: "      for (const { laneAt } of rows) lagMs = Math.max(lagMs, now - laneAt);\n",
    after: "",
  },
};
