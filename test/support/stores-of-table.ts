import { dynamoApiKeys } from "../../functions/adapters/dynamo-api-keys.ts";
import { dynamoAuditLanes } from "../../functions/adapters/dynamo-audit-lanes.ts";
import { dynamoAuditListing } from "../../functions/adapters/dynamo-audit-listing.ts";
import { dynamoAuditRemoval } from "../../functions/adapters/dynamo-audit-removal.ts";
import { dynamoAudits } from "../../functions/adapters/dynamo-audits.ts";
import { dynamoCallSchedule } from "../../functions/adapters/dynamo-call-schedule.ts";
import { dynamoIssuerTroubles } from "../../functions/adapters/dynamo-issuer-troubles.ts";
import { dynamoIssuers } from "../../functions/adapters/dynamo-issuers.ts";
import { dynamoKardAuditIds } from "../../functions/adapters/dynamo-kard-audit-ids.ts";
import { dynamoDeliveryLane, dynamoHeldNotifications } from "../../functions/adapters/dynamo-notification-lanes.ts";
import { dynamoNotificationListing } from "../../functions/adapters/dynamo-notification-listing.ts";
import { dynamoNotifications } from "../../functions/adapters/dynamo-notifications.ts";
import { dynamoOutbox } from "../../functions/adapters/dynamo-outbox.ts";
import { dynamoPollCursors } from "../../functions/adapters/dynamo-poll-cursors.ts";
import { dynamoPollLeases } from "../../functions/adapters/dynamo-poll-leases.ts";
import { dynamoRequestCounts } from "../../functions/adapters/dynamo-request-counts.ts";
import { dynamoSubscriptionOutbox, dynamoSubscriptions } from "../../functions/adapters/dynamo-subscriptions.ts";
import type { Table } from "../../functions/adapters/dynamo-table.ts";

/** Every store port over a table, by the adapters that are deployed. */
export function storesOf(table: Table) {
  return {
    audits: dynamoAudits(table),
    kardAuditIds: dynamoKardAuditIds(table),
    auditRemoval: dynamoAuditRemoval(table),
    listing: dynamoAuditListing(table),
    lanes: dynamoAuditLanes(table),
    outbox: dynamoOutbox(table),
    issuers: dynamoIssuers(table),
    troubles: dynamoIssuerTroubles(table),
    leases: dynamoPollLeases(table),
    cursors: dynamoPollCursors(table),
    subscriptions: dynamoSubscriptions(table),
    subscriptionOutbox: dynamoSubscriptionOutbox(table),
    notifications: dynamoNotifications(table),
    notificationListing: dynamoNotificationListing(table),
    heldNotifications: dynamoHeldNotifications(table),
    deliveryLane: dynamoDeliveryLane(table),
    apiKeys: dynamoApiKeys(table),
    requestCounts: dynamoRequestCounts(table),
    callSchedule: dynamoCallSchedule(table, 60_000),
    otherCallSchedule: dynamoCallSchedule(table, 60_000),
  };
}
