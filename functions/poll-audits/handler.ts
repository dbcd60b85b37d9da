import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { dynamoAuditLanes } from "../adapters/dynamo-audit-lanes.ts";
import { dynamoAuditListing } from "../adapters/dynamo-audit-listing.ts";
import { dynamoAudits } from "../adapters/dynamo-audits.ts";
import { dynamoNotifications } from "../adapters/dynamo-notifications.ts";
import { dynamoPollLeases } from "../adapters/dynamo-poll-leases.ts";
import { dynamoSubscriptions } from "../adapters/dynamo-subscriptions.ts";
import { openTable } from "../adapters/dynamo-table.ts";
import { openKard } from "../adapters/kard.ts";
import { openQueues, sqsDeliveries, sqsResolutions } from "../adapters/sqs-queues.ts";
import { readEnvironment } from "../platform/environment.ts";
import { logger } from "../platform/logger.ts";
import { count, outboundCall, publishMetrics, seconds } from "../platform/metrics.ts";
import { pollAuditsEnvironment, pollAuditsInput } from "./environment.ts";
import { pollShards } from "./poll-shards.ts";

const environment = readEnvironment(pollAuditsEnvironment);
const clock = Date.now;
const table = openTable(environment.TABLE_NAME);
const queues = openQueues();
const { kard } = openKard(environment, clock, (call) => outboundCall("Kard", call));

/** What the last calls to Kard and the writes after them may take before Lambda would cut them off, in milliseconds. */
const windDownMs = 10_000;

const poll = pollShards({
  audits: dynamoAudits(table),
  listing: dynamoAuditListing(table),
  lanes: dynamoAuditLanes(table),
  leases: dynamoPollLeases(table),
  subscriptions: dynamoSubscriptions(table),
  notifications: dynamoNotifications(table),
  resolutions: sqsResolutions(queues, environment.RESOLUTIONS_QUEUE_URL),
  deliveries: sqsDeliveries(queues, environment.DELIVERIES_QUEUE_URL),
  kard,
  clock,
  sleep,
  random: Math.random,
  pollPlan: environment.POLL_PLAN,
  overdueAfter: environment.POLL_PLAN.overdueAfter,
  callsPerSecond: environment.KARD_REQUESTS_PER_SECOND,
  holder: randomUUID(),
});

export const handler = middy().handler(async (event: unknown, context: Context) => {
  const { shards } = pollAuditsInput.parse(event);
  const tick = await poll(shards, clock() + context.getRemainingTimeInMillis() - windDownMs);
  const { polled, changed, failed, missing, overdue, stopped } = tick;
  seconds("PollLagSeconds", tick.lagMs / 1_000);
  count("AuditsPolled", polled);
  count("AuditsChanged", changed);
  count("AuditsFailed", failed);
  count("AuditsMissingAtKard", missing);
  count("AuditsOverdue", overdue);
  if (stopped === "unauthorized") count("KardCredentialRefused");
  publishMetrics();
  logger.info("tick", { ...tick });
});
