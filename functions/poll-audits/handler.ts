import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { dynamoAdoptions } from "../adapters/dynamodb/adoptions.ts";
import { dynamoAuditLanes } from "../adapters/dynamodb/audit-lanes.ts";
import { dynamoAuditListing } from "../adapters/dynamodb/audit-listing.ts";
import { dynamoAudits } from "../adapters/dynamodb/audits.ts";
import { dynamoEventFeed } from "../adapters/dynamodb/event-feed.ts";
import { dynamoIssuers } from "../adapters/dynamodb/issuers.ts";
import { dynamoKardAuditIds } from "../adapters/dynamodb/kard-audit-ids.ts";
import { dynamoNotifications } from "../adapters/dynamodb/notifications.ts";
import { dynamoOwnership } from "../adapters/dynamodb/ownership.ts";
import { dynamoOpenCircuits } from "../adapters/dynamodb/polling/open-circuits.ts";
import { dynamoPollCursors } from "../adapters/dynamodb/polling/poll-cursors.ts";
import { dynamoPollLeases } from "../adapters/dynamodb/polling/poll-leases.ts";
import { dynamoSubscriptions } from "../adapters/dynamodb/subscriptions.ts";
import { openOwnTable } from "../adapters/dynamodb/table/table.ts";
import type { KardCall } from "../adapters/kard/http.ts";
import { openKard } from "../adapters/kard/open-kard.ts";
import { openPublishing } from "../adapters/owner-targets/open-publishing.ts";
import { withAuditMetrics } from "../core/audits/audit-metrics.ts";
import { pollerRateLimit } from "../core/kard/poller-rate-limit.ts";
import { burstMs } from "../core/shared/rate-limiter.ts";
import { networkSpreadMs, steadyRate } from "../core/shared/steady-rate.ts";
import { cachedSubscriptionLists } from "../core/subscriptions/subscription-list-cache.ts";
import { runInBackground, settleBackgroundWork } from "../platform/background-work.ts";
import { readEnvironment } from "../platform/environment.ts";
import { describe, logger, reportError } from "../platform/logger.ts";
import { metricsOf, publishMetrics } from "../platform/metrics.ts";
import { middyOptions } from "../platform/middy-options.ts";
import { outboundCall } from "../platform/outbound-calls.ts";
import { reportRefusal } from "../platform/report-refusal.ts";
import { pollAuditsEnvironment, pollAuditsInput } from "./environment.ts";
import type { PollAuditsMetric } from "./metrics.ts";
import { pollShards } from "./poll-shards.ts";

const environment = readEnvironment(pollAuditsEnvironment);
const { count, seconds, percent } = metricsOf<PollAuditsMetric>();
const clock = Date.now;
const table = openOwnTable(environment);
const callsPerSecond = steadyRate(environment.KARD_REQUESTS_PER_SECOND, burstMs + networkSpreadMs);
const hooks = { observe: (call: KardCall) => outboundCall("Kard", call), reportError, inBackground: runInBackground };
const { kard, secret } = openKard(environment, clock, hooks, (credentials) =>
  pollerRateLimit({ credentials, clock, sleep, callsPerSecond }),
);

/** The time reserved for the last calls and writes before Lambda's timeout, in milliseconds. */
const deadlineMarginMs = 10_000;

const maxErrorsLogged = 10;

const poll = pollShards({
  feed: dynamoEventFeed(table),
  audits: withAuditMetrics(dynamoAudits(table), count, logger),
  kardAuditIds: dynamoKardAuditIds(table),
  adoptions: dynamoAdoptions(table),
  listing: dynamoAuditListing(table),
  lanes: dynamoAuditLanes(table),
  issuers: dynamoIssuers(table),
  openCircuits: dynamoOpenCircuits(table),
  leases: dynamoPollLeases(table),
  cursors: dynamoPollCursors(table),
  subscriptions: cachedSubscriptionLists(dynamoSubscriptions(table), clock),
  notifications: dynamoNotifications(table),
  ...openPublishing(environment, reportRefusal(count)),
  kard,
  credentials: secret,
  provesOwnership: dynamoOwnership(table, secret),
  onGivenUp: ({ organizationId, kardAuditId }) => {
    logger.warn("an adoption ended without a response", { organizationId, kardAuditId });
  },
  clock,
  sleep,
  random: Math.random,
  pollPlan: environment.POLL_PLAN,
  followUpAfterMs: environment.FOLLOW_UP_AFTER_MS,
  callsPerSecond,
  holder: randomUUID(),
});

export const handler = middy(middyOptions).handler(async (event: unknown, context: Context) => {
  const input = pollAuditsInput.parse(event);
  const stopAt = clock() + context.getRemainingTimeInMillis() - deadlineMarginMs;
  return tick(input.shards, stopAt);
});

async function tick(shards: readonly number[], stopAt: number): Promise<void> {
  const { errors, inTrouble, ...tick } = await poll(shards, stopAt);
  await settleBackgroundWork();
  // A poller without a shard has nothing to report about lag. The shard's holder reports it.
  if (tick.shards > 0) {
    seconds("PollLagSeconds", tick.lagMs / 1_000);
    percent("KardRateUsed", 100 * tick.rateUsed);
  }
  count("AuditsPolled", tick.polled);
  count("AuditsChanged", tick.changed);
  count("AuditsFailed", tick.failed);
  count("AuditsMissingAtKard", tick.missing);
  count("AuditsOverdue", tick.overdue);
  count("AuditsUnconfirmed", tick.unconfirmed);
  count("AdoptionsUnknown", tick.adoptionsUnknown);
  count("AdoptionsGivenUp", tick.adoptionsGivenUp);
  count("AuditsUnfulfilled", tick.unfulfilled);
  count("FollowUpsUnknown", tick.followUpsUnknown);
  count("PollLeasesLost", tick.leasesLost);
  count("PollClockResets", tick.clockResets);
  count("IssuersInTrouble", inTrouble.length);
  count("KardCredentialRefused", inTrouble.filter(({ reason }) => reason === "unauthorized").length);
  publishMetrics();
  logger.info("tick", { ...tick, inTrouble: inTrouble.length, errors: errors.length });
  for (const { organizationId, reason, since } of inTrouble) {
    logger.warn("an issuer is in trouble with Kard", { organizationId, reason, since: new Date(since).toISOString() });
  }
  if (tick.clockResets > 0) logger.warn("the clock was set back; poll bands start again");
  if (errors.length === 0) return;
  for (const error of errors.slice(0, maxErrorsLogged)) logger.error("a part of the tick failed", describe(error));
  throw new Error(`${errors.length} errors in a tick`, { cause: errors[0] });
}
