import { memoryAdoptions } from "./adoptions.ts";
import { memoryApiKeys } from "./api-keys.ts";
import { memoryAuditLanes, memoryOutbox } from "./audit-lanes.ts";
import { memoryAuditListing } from "./audit-listing.ts";
import { memoryAuditRemoval } from "./audit-removal.ts";
import { memoryAudits } from "./audits.ts";
import { memoryCallSchedule } from "./call-schedule.ts";
import { memoryEventFeed } from "./event-feed.ts";
import { memoryIssuers, memoryOpenCircuits } from "./issuers.ts";
import { memoryKardAuditIds } from "./kard-audit-ids.ts";
import { memoryNotificationListing, memoryNotificationStates } from "./notification-listing.ts";
import { memoryDeliveryLane, memoryHeldNotifications, memoryNotifications } from "./notifications.ts";
import { memoryPollCursors, memoryPollLeases } from "./poll-leases.ts";
import { memoryRequestCounts } from "./request-counts.ts";
import { emptyState } from "./state.ts";
import { memoryDayFigures, memoryOpenSnapshots, memoryStatsSource } from "./stats.ts";
import { memorySubscriptionOutbox, memorySubscriptions } from "./subscriptions.ts";

/** All store ports in memory. They pass the same contracts as the table's adapters. */
export function memoryStores() {
  const state = emptyState();
  const callSchedule = memoryCallSchedule();
  const feed = memoryEventFeed();
  return {
    /** The rows themselves, for tests to read or remove. */
    state,
    audits: memoryAudits(state),
    kardAuditIds: memoryKardAuditIds(state),
    adoptions: memoryAdoptions(state),
    auditRemoval: memoryAuditRemoval(state),
    listing: memoryAuditListing(state),
    lanes: memoryAuditLanes(state),
    outbox: memoryOutbox(state),
    feed,
    source: memoryStatsSource(state),
    dayFigures: memoryDayFigures(),
    openSnapshots: memoryOpenSnapshots(),
    issuers: memoryIssuers(state),
    openCircuits: memoryOpenCircuits(state),
    leases: memoryPollLeases(state),
    cursors: memoryPollCursors(state),
    subscriptions: memorySubscriptions(state),
    subscriptionOutbox: memorySubscriptionOutbox(state),
    notifications: memoryNotifications(state, feed),
    notificationListing: memoryNotificationListing(state),
    notificationStates: memoryNotificationStates(state),
    heldNotifications: memoryHeldNotifications(state),
    deliveryLane: memoryDeliveryLane(state),
    apiKeys: memoryApiKeys(state),
    requestCounts: memoryRequestCounts(),
    callSchedule,
    otherCallSchedule: callSchedule,
  };
}
