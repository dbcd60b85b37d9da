import { eventSender } from "../../../functions/adapters/issuer-targets/event-sender.ts";
import { ownerQueue } from "../../../functions/adapters/owner-targets/owner-queue.ts";
import { sqsDeliveries } from "../../../functions/adapters/sqs/queues.ts";
import { adoptAudits } from "../../../functions/audits-api/adopt/adopt-audits.ts";
import { changeAnnotations } from "../../../functions/audits-api/audit/change-annotations.ts";
import { refreshAudit } from "../../../functions/audits-api/audit/refresh-audit.ts";
import { resolveAudit } from "../../../functions/audits-api/audit/resolve-audit.ts";
import { submitRequests } from "../../../functions/audits-api/submit/submit-requests.ts";
import type { AnnotationsChange } from "../../../functions/core/audits/annotations.ts";
import type { AuditKey } from "../../../functions/core/audits/audit.ts";
import { replayNotification } from "../../../functions/core/notifications/replay-notification.ts";
import { rollUpDay } from "../../../functions/core/stats/roll-up.ts";
import { endpointSlots } from "../../../functions/core/subscriptions/endpoint-slots.ts";
import { cacheSubscriptions } from "../../../functions/core/subscriptions/subscription-cache.ts";
import { cachedSubscriptionLists } from "../../../functions/core/subscriptions/subscription-list-cache.ts";
import { provesOwnership } from "../../../functions/core/tracking/ownership.ts";
import type { PollPlan } from "../../../functions/core/tracking/poll-plan.ts";
import { deliverWebhook } from "../../../functions/deliver-webhooks/deliver-webhook.ts";
import { isSuspect, readRecord } from "../../../functions/deliver-webhooks/read-record.ts";
import { recordDelivered } from "../../../functions/deliver-webhooks/record-delivered.ts";
import { handlePush } from "../../../functions/kard-webhook/handle-push.ts";
import { sqsFunction } from "../../../functions/platform/sqs.ts";
import { pollShards } from "../../../functions/poll-audits/poll-shards.ts";
import { recoverNotifications } from "../../../functions/subscriptions-api/notifications/recover-notifications.ts";
import { rotateSecret } from "../../../functions/subscriptions-api/subscriptions/rotate-secret.ts";
import { updateSubscription } from "../../../functions/subscriptions-api/subscriptions/update-subscription.ts";
import { sweepAll } from "../../../functions/sweep-outbox/sweep-all.ts";
import type { memoryTable } from "../../support/dynamodb/memory-dynamodb.ts";
import { storesOf } from "../../support/dynamodb/stores-of-table.ts";
import type { VirtualTime } from "../../support/virtual-time.ts";
import type { createEndpoints } from "./endpoints.ts";
import { allowedTargets, issuerTargets } from "./issuer-targets.ts";
import type { createKard } from "./kard/kard.ts";
import type { Outside, Worker } from "./outside.ts";
import type { createQueues } from "./queues.ts";
import { tableOf } from "./table-calls.ts";
import type { createTargets } from "./targets.ts";

export const queueUrls = {
  resolutions: "https://sqs.test/resolutions",
  usual: "https://sqs.test/deliveries",
  slow: "https://sqs.test/slow",
} as const;

const minute = 60_000;
const hour = 60 * minute;

/** A smaller version of the deployed plan: fewer bands, due after two days, and due soon six hours before that. */
export const pollPlan: PollPlan = {
  bands: [
    { from: 5 * minute, to: hour, gap: 5 * minute, resolution: minute },
    { from: 2 * hour, to: 24 * hour, gap: hour, resolution: 5 * minute },
    { from: 30 * hour, to: null, gap: 6 * hour, resolution: 30 * minute },
  ],
  overdueAfter: 48 * hour,
  dueSoonBefore: 6 * hour,
};

/** How long after its resolution an audit is compared with Kard's rewards. */
export const followUpAfterMs = 24 * hour;

export interface Surroundings {
  time: VirtualTime;
  outside: Outside;
  rows: ReturnType<typeof memoryTable>;
  queues: ReturnType<typeof createQueues>;
  kard: ReturnType<typeof createKard>;
  endpoints: ReturnType<typeof createEndpoints>;
  targets: ReturnType<typeof createTargets>;
  /** Whether the owner has a bus and a topic, and the issuers have contacts. */
  hasTargets: boolean;
  organizations: string[];
  random: () => number;
  /** Called for errors that stop nothing. */
  reportError: (error: unknown) => void;
  /** Returns a new number each time. */
  nextId: () => number;
}

export type Functions = ReturnType<typeof functionsOf>;

/** All issuers share one credential, so Kard cannot distinguish them. */
const credentials = { credentialIdentityFor: async () => ({ credentialId: "shared", isShared: true }) };

/** The functions of one worker, wired like their handlers. */
export function functionsOf(given: Surroundings, worker: Worker) {
  const { time, outside, rows, queues, random, reportError, nextId } = given;
  const stores = storesOf(tableOf(outside, rows, worker));
  const subscriptions = { ...stores.subscriptions, ...cachedSubscriptionLists(stores.subscriptions, time.clock) };
  const sqs = queues.clientOf(outside, worker);
  const deliveries = sqsDeliveries(sqs, queueUrls.usual);
  const { ownerTargets, contactOf } = given.targets.reachedBy(outside, worker);
  const deps = {
    ...stores,
    subscriptions,
    ownerTargets: [ownerQueue(sqs, queueUrls.resolutions), ...(given.hasTargets ? ownerTargets : [])],
    contactOf: given.hasTargets ? contactOf : () => undefined,
    deliveries,
    slowDeliveries: sqsDeliveries(sqs, queueUrls.slow),
    kard: given.kard.reachedBy(outside, worker),
    credentials,
    provesOwnership: provesOwnership({ credentials, organizations: async () => given.organizations }),
    sender: eventSender({
      webhooks: given.endpoints.reachedBy(outside, worker),
      targets: issuerTargets(given.endpoints, time.clock, outside, worker),
      ...{ allowed: allowedTargets, clock: time.clock },
    }),
    subscriptionCache: cacheSubscriptions(stores.subscriptions, time.clock),
    endpointSlots: endpointSlots({ schedule: stores.callSchedule, clock: time.clock, sleep: time.sleep }),
    clock: time.clock,
    sleep: time.sleep,
    report: () => undefined,
    onGivenUp: () => undefined,
    random,
    reportError,
    randomUuid: () => `00000000-0000-4000-8000-${String(nextId()).padStart(12, "0")}`,
    duplicateWindowMs: 10 * minute,
    randomBytes: (count: number) => new Uint8Array(count).fill(nextId()),
    allowedTargets,
    webhookTargets: { reach: "public" as const, ports: [443] },
    pollPlan,
    followUpAfterMs,
    callsPerSecond: 40,
    holder: `holder-${nextId()}`,
  };
  const deliver = deliverWebhook(deps);
  return {
    submit: submitRequests(deps),
    adopt: adoptAudits(deps),
    /** Changes the issuer's own data on an audit, as `PATCH …/audits/{id}` does. */
    async change(key: AuditKey, change: AnnotationsChange) {
      const audit = await deps.audits.get(key);
      return audit && changeAnnotations(deps)(audit, change);
    },
    refresh: refreshAudit(deps),
    resolve: resolveAudit(deps),
    push: handlePush(deps),
    update: updateSubscription(deps),
    async rotate(...args: Parameters<ReturnType<typeof rotateSecret>>) {
      const outcome = await rotateSecret(deps)(...args);
      return outcome.outcome === "rotated" ? outcome.subscription : undefined;
    },
    recover: recoverNotifications(deps),
    replay: replayNotification(deps),
    async countDay(organizationId: string, day: number) {
      const stored = (await deps.dayFigures.getAll(organizationId, [day])).get(day);
      await rollUpDay(deps)(organizationId, day, stored, time.clock());
    },
    poll: pollShards(deps),
    sweep: sweepAll(deps),
    deliver: sqsFunction({
      read: (record) => readRecord(record, queueUrls.slow),
      isSuspect,
      work: ({ delivery, ...source }) => deliver(delivery, source),
      finish: recordDelivered(deps),
    }),
  };
}
