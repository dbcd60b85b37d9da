import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { auditOf } from "../../../functions/adapters/dynamodb/audit-row.ts";
import { notificationKeyOfRow } from "../../../functions/adapters/dynamodb/notifications.ts";
import { createResponse } from "../../../functions/audits-api/submit/create-response.ts";
import type { SubmitRequestsInput } from "../../../functions/audits-api/submit/submit-requests.ts";
import type { AnnotationsChange } from "../../../functions/core/audits/annotations.ts";
import type { AuditKey } from "../../../functions/core/audits/audit.ts";
import { eventsInOrder } from "../../../functions/core/audits/change-audit.ts";
import { shardOf } from "../../../functions/core/shared/lanes.ts";
import type { Subscription } from "../../../functions/core/subscriptions/subscription.ts";
import { memoryTable } from "../../support/dynamodb/memory-dynamodb.ts";
import { storesOf } from "../../support/dynamodb/stores-of-table.ts";
import { virtualTime } from "../../support/virtual-time.ts";
import { createEndpoints, type Endpoint } from "./endpoints.ts";
import { type Functions, functionsOf, queueUrls, type Surroundings } from "./functions.ts";
import { createHistory } from "./history.ts";
import { createKard } from "./kard.ts";
import { createOutside, type Fault, newWorker, type Worker } from "./outside.ts";
import { createQueues } from "./queues.ts";
import { tableOf } from "./table-calls.ts";
import { tableDefinition } from "./table-definition.ts";
import { createTargets } from "./targets.ts";

/** Lambda's remaining time at the start of an invocation. It does not pass here. */
const context = { getRemainingTimeInMillis: () => 60_000 } as Context;

export const noon = Date.UTC(2026, 2, 14, 12);

/** How an invocation ended, for its caller. */
export type Ended<Value> = { ended: "done"; value: Value } | { ended: "failed"; error: unknown } | { ended: "crashed" };

export type World = ReturnType<typeof createWorld>;

/** Poller and sweep stop this long after their start, by the functions' timeouts. */
const tickMs = 45_000;

/** The whole system in one process: the real logic and adapters with a faulty table, queues, Kard and endpoints. */
export function createWorld(faults: readonly Fault[] = [], hasTargets = false) {
  const time = virtualTime(noon);
  const outside = createOutside(time, faults);
  const rows = memoryTable(tableDefinition());
  const history = createHistory(rows.rows);
  rows.onWrite = history.onWrite;
  let ids = 0;
  const failures: { name: string; error: unknown }[] = [];
  const surroundings: Surroundings = {
    ...{ time, outside, rows, random: () => 0.5, nextId: () => ++ids },
    queues: createQueues(time.clock),
    kard: createKard(time),
    endpoints: createEndpoints(time),
    targets: createTargets(),
    hasTargets,
    organizations: [],
    reportError: (error) => void failures.push({ name: "a step", error }),
  };
  /** The live execution environments, by function. */
  const idle = new Map<string, { worker: Worker; functions: Functions }[]>();
  const submitted: { statusCode: number; input: SubmitRequestsInput; auditIds: string[] }[] = [];
  /** Kard ids that an issuer was told are tracked or pending. */
  const adoptions: { organizationId: string; kardAuditId: string }[] = [];
  const outsider = storesOf(tableOf(createOutside(time), rows, newWorker()));

  /** How many invocations have started, and how many are running. */
  let [started, running] = [0, 0];

  const invoke = async <Value>(name: string, work: (its: Functions) => Promise<Value>): Promise<Ended<Value>> => {
    const free = idle.get(name) ?? [];
    idle.set(name, free);
    const environment = free.pop() ?? environmentOf();
    const { worker, functions } = environment;
    started++;
    running++;
    const result = work(functions).then(
      (value): Ended<Value> => ({ ended: "done", value }),
      (error: unknown): Ended<Value> => ({ ended: "failed", error }),
    );
    const ended = await Promise.race([result, worker.died]);
    running--;
    if (ended === "crashed") return { ended: "crashed" };
    // Lambda freezes unfinished work when an invocation ends.
    if (worker.underWay > 0) history.violated(`${name} ended with calls under way`);
    if (ended.ended === "failed") failures.push({ name, error: ended.error });
    free.push(environment);
    return ended;
  };
  const environmentOf = () => {
    const worker = newWorker();
    return { worker, functions: functionsOf(surroundings, worker) };
  };

  /** Delivers an external trigger. It may come twice, even at the same time. */
  const trigger = <Value>(name: string, once: () => Promise<Value>): Promise<Value> => {
    const ways = {
      effect: once,
      broken: once,
      throttled: once,
      late: async () => {
        const [first] = await Promise.all([once(), once()]);
        return first;
      },
    };
    // Two at once is another case than a repetition.
    return outside.pass(newWorker(), { service: "triggers", name, kinds: ["twice", "stale"] }, ways);
  };

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

  const world = {
    ...surroundings,
    ...{ history, failures, submitted, adoptions, invoke },
    /** The last secret that an owner received. */
    rotatedTo: undefined as string | undefined,
    /** Replays of a scenario: the subscription, and how many webhooks it had received. */
    replayed: undefined as { endpoint: Endpoint; after: number } | undefined,
    /** The stores without faults, for setup and checks. */
    stores: outsider,

    async submit(input: Partial<SubmitRequestsInput> & Pick<SubmitRequestsInput, "requests">) {
      const full = { organizationId: "org", userId: "user", idempotency: undefined, ...input };
      const ended = await invoke("audits-api", (its) => its.submit(full));
      if (ended.ended !== "done" || ended.value.outcome !== "submitted") return ended;
      const { results } = ended.value;
      const { statusCode } = createResponse(results);
      const auditIds = results.flatMap((one) => ("audit" in one ? one.audit.auditId : []));
      if (statusCode < 300) submitted.push({ statusCode, input: full, auditIds });
      return ended;
    },
    /** Adopts an issuer's audits at Kard, until each id has a final response. */
    adopt: (organizationId: string, kardAuditIds: readonly string[]) =>
      world.insist("audits-api", async (its) => {
        const results = await its.adopt(organizationId, "user", kardAuditIds);
        if (results.some(({ result }) => result === "not-stored")) throw new Error("not stored");
        for (const [position, { result }] of results.entries()) {
          const kardAuditId = kardAuditIds[position] ?? "";
          if (result !== "unknown") adoptions.push({ organizationId, kardAuditId });
        }
      }),
    /** Brings the figures of a day up to date, as reading them does. */
    countDay: (organizationId: string, day: number) =>
      world.insist("audits-api", (its) => its.countDay(organizationId, day)),
    /** Changes an issuer's own data on an audit, until there is a response. */
    change: (key: AuditKey, change: AnnotationsChange) => world.insist("audits-api", (its) => its.change(key, change)),
    refresh: (organizationId: string, auditId: string) =>
      invoke("audits-api", async (its) => {
        const audit = await outsider.audits.get({ organizationId, auditId });
        return audit === undefined ? undefined : its.refresh(audit);
      }),
    /** Attaches Kard's id to an audit, as the runbook says, until there is a response. */
    resolve: (organizationId: string, auditId: string, kardAuditId: string) =>
      world.insist("audits-api", async (its) => {
        const audit = await outsider.audits.get({ organizationId, auditId });
        const resolved = audit && (await its.resolve(audit, { kardAuditId }));
        if (resolved?.result === "unavailable" || resolved?.result === "under-way") throw new Error(resolved.result);
      }),
    async push(kardAuditId: string): Promise<boolean> {
      const known = surroundings.kard.audits.get(kardAuditId);
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
        const [struckBefore, startedBefore, due] = [outside.struck.length, started, oldestDue()];
        const isFirst = running === 0;
        const ended = await invoke("sweep-outbox", (its) => its.sweep(time.clock() + tickMs));
        if (ended.ended !== "done") return;
        const { outbox, deliveries } = ended.value;
        for (const error of ended.value.failures) failures.push({ name: "sweep-outbox", error });
        // Work that another function is doing is not late when the sweep looks.
        if (!isFirst || started > startedBefore + 1) return;
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
        for (let batch = surroundings.queues.receive(url); batch.length > 0; batch = surroundings.queues.receive(url)) {
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
          surroundings.queues.delete(url, done);
        }
      }
    },
    /** Repeats a caller's request until it is answered. */
    async insist<Value>(name: string, work: (its: Functions) => Promise<Value>): Promise<Value> {
      for (let tries = 1; tries <= 20; tries++) {
        const ended = await invoke(name, work);
        if (ended.ended === "done") return ended.value;
        await world.wait(10 * 60_000);
      }
      throw new Error(`${name} does not answer`);
    },
    /** Replays all recorded notifications. Returns their number. */
    async replayAll(): Promise<number> {
      const rows = [...surroundings.rows.rows.values()].map(({ pk, sk }) => ({ pk: pk?.S ?? "", sk: sk?.S ?? "" }));
      const keys = rows.filter(({ sk }) => sk.startsWith("NOTIFICATION#")).map(notificationKeyOfRow);
      for (const key of keys) await world.insist("subscriptions-api", (its) => its.replay(key));
      return keys.length;
    },
    async subscribe(name: string, changes: Partial<Subscription> = {}) {
      const subscription: Subscription = {
        organizationId: "org",
        subscriptionId: name,
        webhookUrl: `https://${name}.example/`,
        eventNames: ["audit.closed", "audit.in_progress", "audit.rejected", "audit.overdue"],
        enabled: true,
        secrets: [{ secret: `whsec_${Buffer.from(name.padEnd(32, "-")).toString("base64")}` }],
        ...{ createdAt: time.clock(), revision: 1, sequence: 0 },
        ...changes,
      };
      await outsider.subscriptions.create(subscription);
      const secret = subscription.secrets[0]?.secret ?? "";
      return surroundings.endpoints.open(subscription.webhookUrl, subscription, secret);
    },
    wait: time.sleep,
  };
  return world;
}
