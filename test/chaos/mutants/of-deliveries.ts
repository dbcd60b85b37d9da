import type { Mutant } from "./mutant.ts";

/** Mutants of publishing and delivering events. */
export const mutantsOfDeliveries: Record<string, Mutant> = {
  "the outbox is left although a target has failed": {
    file: "functions/core/publishing/publish-events.ts",
    before: "if (failures.length === 0) delete after.outboxAt;",
    after: "delete after.outboxAt;",
  },
  "the sweep sends no resolutions": {
    file: "functions/core/publishing/publish-events.ts",
    before: "...deps.ownerTargets.map(",
    after: "...(again ? [] : deps.ownerTargets).map(",
  },
  "a resolution that SQS did not take is forgotten": {
    file: "functions/core/publishing/send-to-owner.ts",
    before: "await target.send(ownerEventOf(audit, event));",
    after: "await target.send(ownerEventOf(audit, event)).catch(() => ({ refused: undefined }));",
  },
  "an event that the feed did not take is marked as in it": {
    file: "functions/core/publishing/event-feed.ts",
    before: "await feed.append(audit.organizationId, entry);",
    after: "await feed.append(audit.organizationId, entry).catch(() => undefined);",
  },
  "a day is counted from its beginning again": {
    file: "functions/core/stats/roll-up.ts",
    before: "deps.source.filed(organizationId, { from: former.filedThrough, to }),",
    after: "deps.source.filed(organizationId, { from: day, to }),",
  },
  "what a batch of SQS did not take is forgotten": {
    file: "functions/adapters/sqs/send-batches.ts",
    before: "batch = rest.map(({ position }) => position);",
    after: "batch = [];",
  },
  "publishing overwrites what has happened meanwhile": {
    file: "functions/core/publishing/publish-events.ts",
    before: `await deps.audits.update(audit, after, ["sequence", "outboxAt"]);`,
    after: "await deps.audits.update(audit, after, []);",
  },
  "a disabled endpoint is owed nothing": {
    file: "functions/core/publishing/notify-subscriptions.ts",
    before: ".filter((subscription) => isSubscribedTo(subscription, event, audit))",
    after: ".filter((subscription) => subscription.enabled && isSubscribedTo(subscription, event, audit))",
  },
  "a subscription is owed what came before it": {
    file: "functions/core/subscriptions/subscription.ts",
    before: "if (createdAt > event.at ||",
    after: "if (createdAt < event.at ||",
  },
  "the subscriptions of one issuer are told of all": {
    file: "functions/adapters/dynamodb/subscriptions.ts",
    before: `rowsOf(table, key("ISSUER", organizationId),`,
    after: `rowsOf(table, key("ISSUER", "org"),`,
  },
  "a repeated publication writes no rows that are missing": {
    file: "functions/core/publishing/notify-subscriptions.ts",
    before: `if (known === undefined && (await deps.notifications.put(row, undefined)) === "stale") continue;`,
    after: "if (known === undefined) continue;",
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
    before: "events: [...events, event], outboxAt };",
    after: "events: [...events, event] };",
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
  "what is owed may be forgotten": {
    file: "functions/core/audits/audit-expiry.ts",
    before: '(lane === undefined || lane === "FOLLOWUP") && outboxAt === undefined',
    after: '(lane === undefined || lane === "FOLLOWUP")',
  },
  "the sweep skips a shard": {
    file: "functions/sweep-outbox/for-each-shard.ts",
    before: "let unfinished = shards.flatMap(",
    after: "let unfinished = shards.slice(4).flatMap(",
  },
  "a failed publish is taken for done": {
    file: "functions/core/publishing/publish-events.ts",
    before: "outboxAt: now + publishRetryMs };",
    after: "outboxAt: undefined as never };",
  },
  "a message that SQS refuses for good is sent for ever": {
    file: "functions/adapters/sqs/send-batches.ts",
    before: `["InvalidMessageContents", "InvalidParameterValue"]`,
    after: "[]",
  },
  "the webhooks get nothing where the owner's queue refuses the resolution for good": {
    file: "functions/core/publishing/publish-events.ts",
    before: "        ? publishFirst(deps, audit, events)",
    after: `        ? publishFirst(deps, audit, events).map(async (target) => {
            const marks = await sendToOwner(deps.ownerTargets[0] as never, deps.clock, audit, events);
            if ([...marks.values()].some(({ publishError }) => publishError)) throw new Error("refused");
            return target;
          })`,
  },
  "a sweep that publishes nothing is not late": {
    file: "functions/sweep-outbox/sweep-outbox.ts",
    before: "      lagMs = Math.max(lagMs, now - oldestUnpublished(audit, now));\n",
    after: "",
  },
  "a sweep that sends nothing is not late": {
    file: "functions/sweep-outbox/send-due-deliveries.ts",
    before: "      for (const { laneAt } of rows) lagMs = Math.max(lagMs, now - laneAt);\n",
    after: "",
  },
  "a row has no lane until its first attempt": {
    file: "functions/core/publishing/notify-subscriptions.ts",
    before: "{ ...notification, laneAt: now + deliveryGraceMs }",
    after: "notification",
  },
  "publishing again overwrites rows that have moved on": {
    file: "functions/core/publishing/publish-events.ts",
    before: "      ...(isFirst\n",
    after: "      ...(audit.sequence > 0\n",
  },
};
