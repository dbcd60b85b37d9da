import type { Mutant } from "./mutant.ts";

/** Mutants of publishing events. */
export const mutantsOfPublishing: Record<string, Mutant> = {
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
  "the subscriptions of one issuer get the events of all": {
    file: "functions/adapters/dynamodb/subscriptions.ts",
    before: `rowsOf(table, key("ISSUER", organizationId),`,
    after: `rowsOf(table, key("ISSUER", "org"),`,
  },
  "a repeated publication writes no rows that are missing": {
    file: "functions/core/publishing/notify-subscriptions.ts",
    before: `if (known === undefined && (await deps.notifications.put(row, undefined)) === "stale") continue;`,
    after: "if (known === undefined) continue;",
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
