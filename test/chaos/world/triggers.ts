import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { auditOf } from "../../../functions/adapters/dynamodb/audit-row.ts";
import { eventsInOrder } from "../../../functions/core/audits/change-audit.ts";
import { shardOf } from "../../../functions/core/shared/lanes.ts";
import { queueUrls, type Surroundings } from "./functions.ts";
import type { History } from "./history.ts";
import type { Failure, Invocations } from "./invocations.ts";

/** Lambda's remaining time at the start of an invocation. It does not pass here. */
const context = { getRemainingTimeInMillis: () => 60_000 } as Context;

/** Poller and sweep stop this long after their start, by the functions' timeouts. */
const tickMs = 45_000;

/** Triggers from outside: Kard's pushes, schedules and queues. */
export function createTriggers(
  surroundings: Surroundings,
  { invoke, trigger, counts }: Invocations,
  history: History,
  failures: Failure[],
) {
  const { rows, time, outside, queues, kard } = surroundings;

  /** Since when the oldest event is unpublished and the oldest row of lane DELIVER is due, as a sweep should see it. */
  const oldestDue = () => {
    const now = time.clock();
    const oldest = { now, event: now, row: now };
    for (const item of rows.rows.values()) {
      if (item.sk?.S === "AUDIT" && Number(item.outboxAt?.N) <= now) {
        const unpublished = eventsInOrder(auditOf(item)).find(({ event }) => event.publishedAt === undefined);
        oldest.event = Math.min(oldest.event, unpublished?.event.at ?? now);
      }
      if (item.lane?.S?.startsWith("DELIVER#") && Number(item.laneAt?.N) <= now) {
        oldest.row = Math.min(oldest.row, Number(item.laneAt?.N));
      }
    }
    return oldest;
  };

  return {
    async push(kardAuditId: string): Promise<boolean> {
      const known = kard.audits.get(kardAuditId);
      if (known === undefined) return true;
      const { organizationId = "org", userId, audit } = known;
      const push = { organizationId, userId, kardAuditId, status: audit.status, request: audit.request ?? {} };
      const ended = await trigger("push", () => invoke("kard-webhook", (its) => its.push(push)));
      return ended.ended === "done";
    },
    async poll(): Promise<void> {
      const ids = [...rows.rows.values()].flatMap(({ sk, auditId, kardAuditId }) => {
        if (sk?.S === "AUDIT") return auditId?.S ?? "";
        return sk?.S === "ADOPTION" ? (kardAuditId?.S ?? "") : [];
      });
      const shards = new Set(ids.map(shardOf));
      if (shards.size === 0) return;
      await trigger("poll", async () => {
        const ended = await invoke("poll-audits", (its) => its.poll([...shards], time.clock() + tickMs));
        if (ended.ended === "done")
          for (const error of ended.value.errors) failures.push({ name: "poll-audits", error });
      });
    },
    async sweep(): Promise<void> {
      await trigger("sweep", async () => {
        const [struckBefore, startedBefore, due] = [outside.struck.length, counts().started, oldestDue()];
        const isFirst = counts().running === 0;
        const ended = await invoke("sweep-outbox", (its) => its.sweep(time.clock() + tickMs));
        if (ended.ended !== "done") return;
        const { outbox, deliveries } = ended.value;
        for (const error of ended.value.failures) failures.push({ name: "sweep-outbox", error });
        // Work that another function is doing is not late when the sweep looks.
        if (!isFirst || counts().started > startedBefore + 1) return;
        // It cannot know without the table.
        if (outside.struck.slice(struckBefore).some((fault) => !fault.includes("SendMessageBatch"))) return;
        if ((outbox?.lagMs ?? 0) < due.now - due.event)
          history.violated("the sweep does not see how late events are published");
        if ((deliveries?.lagMs ?? 0) < due.now - due.row)
          history.violated("the sweep does not see how late webhooks are sent");
      });
    },
    /** Processes the deliveries queues until they have no visible message. */
    async deliver(): Promise<void> {
      for (const url of [queueUrls.usual, queueUrls.slow]) {
        for (let batch = queues.receive(url); batch.length > 0; batch = queues.receive(url)) {
          const Records = batch.map(({ messageId, body, receives }) => ({
            ...{ messageId, body, eventSourceARN: url },
            attributes: { ApproximateReceiveCount: `${receives}` },
          }));
          const event = { Records } as unknown as SQSEvent;
          const work = () =>
            invoke("deliver-webhooks", (its) => its.deliver(event, context) as Promise<SQSBatchResponse>);
          const ended = await trigger("deliver", work);
          if (ended.ended !== "done") continue;
          const failed = new Set(ended.value.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
          const done = batch.filter(({ messageId }) => !failed.has(messageId));
          queues.delete(url, done);
        }
      }
    },
  };
}
