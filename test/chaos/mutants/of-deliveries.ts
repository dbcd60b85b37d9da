import type { Mutant } from "./mutant.ts";

/** Defects on the way from an event to those it is owed to. */
export const mutantsOfDeliveries: Record<string, Mutant> = {
  "the outbox is left before anyone has a record": {
    file: "functions/core/publish-events.ts",
    before: "    if (sent.length === 0) {\n      delete",
    after: "    {\n      delete",
  },
  "the sweep sends no resolutions": {
    file: "functions/core/publish-events.ts",
    before: "for (const { event } of fresh) if (",
    after: "for (const { event } of again ? [] : fresh) if (",
  },
  "a resolution that SQS did not take is forgotten": {
    file: "functions/core/publish-events.ts",
    before: "await deps.resolutions.send({ audit, event });",
    after: "await deps.resolutions.send({ audit, event }).catch(() => undefined);",
  },
  "what a batch of SQS did not take is forgotten": {
    file: "functions/adapters/sqs-queues.ts",
    before: "batch = failed.flatMap(({ Id: id }) => batch[Number(id)] ?? []);",
    after: "batch = [];",
  },
  "publishing overwrites what has happened meanwhile": {
    file: "functions/core/publish-events.ts",
    before: `await deps.audits.update(audit, published, ["sequence", "outboxAt"]);`,
    after: "await deps.audits.update(audit, published, []);",
  },
  "a disabled endpoint is owed nothing": {
    file: "functions/core/publish-events.ts",
    before: "const kept = unrecorded.filter(({ subscription }) => !subscription.enabled);",
    after: "const kept: typeof unrecorded = [];",
  },
  "a subscription is owed what came before it": {
    file: "functions/core/subscription.ts",
    before: "if (createdAt > event.at ||",
    after: "if (createdAt < event.at ||",
  },
  "the subscriptions of one issuer are told of all": {
    file: "functions/adapters/dynamo-subscriptions.ts",
    before: `":pk": key("ISSUER", organizationId),`,
    after: `":pk": key("ISSUER", "org"),`,
  },
  "records of later events are not seen": {
    file: "functions/adapters/dynamo-notifications.ts",
    before: `":notifications": "NOTIFICATION#" }`,
    after: `":notifications": "NOTIFICATION#1" }`,
  },
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
    before: "      await work(suspect);\n      await finish();",
    after: "      await work(suspect);",
  },
  "what is held is in the lane of the retries": {
    file: "functions/adapters/dynamo-notifications.ts",
    before: `if (notification.status === "held") return heldPartition(notification);`,
    after: "",
  },
  "what is held is in no lane": {
    file: "functions/core/notification.ts",
    before: `return { ...rest, event, status: "held", laneAt: now };`,
    after: `return { ...rest, event, status: "held" };`,
  },
  "a replay whose message is lost is lost": {
    file: "functions/core/notification.ts",
    before: `return { ...rest, status: "pending", laneAt, replayedAfter`,
    after: `return { ...rest, status: "pending", laneAt: undefined, replayedAfter`,
  },
  "a replay is undone by the attempt under way": {
    file: "functions/adapters/dynamo-notifications.ts",
    before: `"attribute_not_exists(replayedAfter)"`,
    after: `"attribute_exists(pk)"`,
  },
  "enabling sends nothing that was held": {
    file: "functions/core/release-held.ts",
    before: `status === "held"`,
    after: `status !== "held"`,
  },
  "enabling is not finished after a crash": {
    file: "functions/core/subscription-health.ts",
    before: "? { ...rest, enabled, outboxAt: now + settleGraceMs }",
    after: "? { ...rest, enabled }",
  },
  "disabling is not told of after a crash": {
    file: "functions/core/subscription-health.ts",
    before: "    outboxAt: now + settleGraceMs,\n",
    after: "",
  },
  "a subscription is changed over another change": {
    file: "functions/adapters/dynamo-subscriptions.ts",
    before: `ConditionExpression: "revision = :seen",`,
    after: "",
  },
  "a sent retry is left for weeks": {
    file: "functions/sweep-outbox/send-due-retries.ts",
    before: "const retryGraceMs = 15 * 60_000;",
    after: "const retryGraceMs = 15 * 24 * 60 * 60_000;",
  },
  "what is owed may be forgotten": {
    file: "functions/core/retention.ts",
    before: "lane === undefined && outboxAt === undefined",
    after: "lane === undefined",
  },
  "the sweep skips a shard": {
    file: "functions/sweep-outbox/for-each-shard.ts",
    before: "let unfinished = shards.flatMap(",
    after: "let unfinished = shards.slice(4).flatMap(",
  },
  "a failed sweep is taken for done": {
    file: "functions/sweep-outbox/sweep-outbox.ts",
    before: "const claimed: Audit = { ...audit, outboxAt: now + publishGraceMs };",
    after: "const { outboxAt: _outboxAt, ...claimed } = audit;",
  },
};
