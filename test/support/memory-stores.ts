import { memoryAdoptions } from "./memory-adoptions.ts";
import { memoryApiKeys } from "./memory-api-keys.ts";
import { memoryAuditLanes, memoryOutbox } from "./memory-audit-lanes.ts";
import { memoryAuditListing } from "./memory-audit-listing.ts";
import { memoryAuditRemoval } from "./memory-audit-removal.ts";
import { memoryAudits } from "./memory-audits.ts";
import { memoryCallSchedule } from "./memory-call-schedule.ts";
import { memoryEventFeed } from "./memory-event-feed.ts";
import { memoryIssuers, memoryOpenCircuits } from "./memory-issuers.ts";
import { memoryKardAuditIds } from "./memory-kard-audit-ids.ts";
import { memoryNotificationListing } from "./memory-notification-listing.ts";
import { memoryDeliveryLane, memoryHeldNotifications, memoryNotifications } from "./memory-notifications.ts";
import { memoryPollCursors, memoryPollLeases } from "./memory-poll-leases.ts";
import { memoryRequestCounts } from "./memory-request-counts.ts";
import { emptyState } from "./memory-state.ts";
import { memoryDayFigures, memoryStatsSource } from "./memory-stats.ts";
import { memorySubscriptionOutbox, memorySubscriptions } from "./memory-subscriptions.ts";

/** All store ports in memory. They pass the same contracts as the table's adapters. */
export function memoryStores() {
  const state = emptyState();
  const callSchedule = memoryCallSchedule();
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
    feed: memoryEventFeed(),
    source: memoryStatsSource(state),
    dayFigures: memoryDayFigures(),
    issuers: memoryIssuers(state),
    openCircuits: memoryOpenCircuits(state),
    leases: memoryPollLeases(state),
    cursors: memoryPollCursors(state),
    subscriptions: memorySubscriptions(state),
    subscriptionOutbox: memorySubscriptionOutbox(state),
    notifications: memoryNotifications(state),
    notificationListing: memoryNotificationListing(state),
    heldNotifications: memoryHeldNotifications(state),
    deliveryLane: memoryDeliveryLane(state),
    apiKeys: memoryApiKeys(state),
    requestCounts: memoryRequestCounts(),
    callSchedule,
    otherCallSchedule: callSchedule,
  };
}
