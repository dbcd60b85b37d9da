import { dynamoAdoptions } from "../../../functions/adapters/dynamodb/adoptions.ts";
import { dynamoApiKeys } from "../../../functions/adapters/dynamodb/api-keys.ts";
import { dynamoAuditLanes } from "../../../functions/adapters/dynamodb/audit-lanes.ts";
import { dynamoAuditListing } from "../../../functions/adapters/dynamodb/audit-listing.ts";
import { dynamoAudits } from "../../../functions/adapters/dynamodb/audits.ts";
import { dynamoDayFigures } from "../../../functions/adapters/dynamodb/day-figures.ts";
import { dynamoEventFeed } from "../../../functions/adapters/dynamodb/event-feed.ts";
import { dynamoIssuers } from "../../../functions/adapters/dynamodb/issuers.ts";
import { dynamoKardAuditIds } from "../../../functions/adapters/dynamodb/kard-audit-ids.ts";
import {
  dynamoDeliveryLane,
  dynamoHeldNotifications,
} from "../../../functions/adapters/dynamodb/notification-lanes.ts";
import { dynamoNotificationListing } from "../../../functions/adapters/dynamodb/notification-listing.ts";
import { dynamoNotificationStates } from "../../../functions/adapters/dynamodb/notification-states.ts";
import { dynamoNotifications } from "../../../functions/adapters/dynamodb/notifications.ts";
import { dynamoOpenSnapshots } from "../../../functions/adapters/dynamodb/open-snapshots.ts";
import { dynamoOutbox } from "../../../functions/adapters/dynamodb/outbox.ts";
import { dynamoCallSchedule } from "../../../functions/adapters/dynamodb/polling/call-schedule.ts";
import { dynamoOpenCircuits } from "../../../functions/adapters/dynamodb/polling/open-circuits.ts";
import { dynamoPollCursors } from "../../../functions/adapters/dynamodb/polling/poll-cursors.ts";
import { dynamoPollLeases } from "../../../functions/adapters/dynamodb/polling/poll-leases.ts";
import { dynamoRequestCounts } from "../../../functions/adapters/dynamodb/request-counts.ts";
import { dynamoStatsSource } from "../../../functions/adapters/dynamodb/stats-source.ts";
import { dynamoSubscriptionOutbox, dynamoSubscriptions } from "../../../functions/adapters/dynamodb/subscriptions.ts";
import type { Table } from "../../../functions/adapters/dynamodb/table/table.ts";

/** All store ports on a table, with the deployed adapters. */
export function storesOf(table: Table) {
  return {
    audits: dynamoAudits(table),
    kardAuditIds: dynamoKardAuditIds(table),
    adoptions: dynamoAdoptions(table),
    listing: dynamoAuditListing(table),
    lanes: dynamoAuditLanes(table),
    outbox: dynamoOutbox(table),
    feed: dynamoEventFeed(table),
    source: dynamoStatsSource(table),
    dayFigures: dynamoDayFigures(table),
    openSnapshots: dynamoOpenSnapshots(table),
    issuers: dynamoIssuers(table),
    openCircuits: dynamoOpenCircuits(table),
    leases: dynamoPollLeases(table),
    cursors: dynamoPollCursors(table),
    subscriptions: dynamoSubscriptions(table),
    subscriptionOutbox: dynamoSubscriptionOutbox(table),
    notifications: dynamoNotifications(table),
    notificationListing: dynamoNotificationListing(table),
    notificationStates: dynamoNotificationStates(table),
    heldNotifications: dynamoHeldNotifications(table),
    deliveryLane: dynamoDeliveryLane(table),
    apiKeys: dynamoApiKeys(table),
    requestCounts: dynamoRequestCounts(table),
    callSchedule: dynamoCallSchedule(table, { timeoutMs: 60_000 }),
    otherCallSchedule: dynamoCallSchedule(table, { timeoutMs: 60_000 }),
  };
}
