import { describeAdoptionStoreContract, type OpenAdoptionStore } from "./adoption-store.ts";
import { describeApiKeyStoreContract, type OpenApiKeyStore } from "./api-key-store.ts";
import { describeAuditLanesContract, type OpenAuditLanes } from "./audit-lanes.ts";
import { describeAuditListingContract, type OpenAuditListing } from "./audit-listing.ts";
import { describeAuditRemovalContract, type OpenAuditRemoval } from "./audit-removal.ts";
import { describeAuditStoreContract, type OpenAuditStore } from "./audit-store.ts";
import { describeCallScheduleContract, type OpenCallSchedule } from "./call-schedule.ts";
import { describeDeliveryLaneContract, type OpenDeliveryLane } from "./delivery-lane.ts";
import { describeEventFeedContract, type OpenEventFeed } from "./event-feed.ts";
import { describeIssuerDirectoryContract, type OpenIssuerDirectory } from "./issuer-directory.ts";
import { describeKardAuditIdsContract, type OpenKardAuditIds } from "./kard-audit-ids.ts";
import { describeNewerAttributesContract, type OpenNewerAttributes } from "./newer-attributes.ts";
import { describeNotificationListingContract, type OpenNotificationListing } from "./notification-listing.ts";
import { describeNotificationStoreContract, type OpenNotificationStore } from "./notification-store.ts";
import { describeOpenCircuitsContract, type OpenOpenCircuits } from "./open-circuits.ts";
import { describeOutboxIndexContract, type OpenOutboxIndex } from "./outbox-index.ts";
import { describePollCursorsContract, type OpenPollCursors } from "./poll-cursors.ts";
import { describePollLeasesContract, type OpenPollLeases } from "./poll-leases.ts";
import { describeRequestCountsContract, type OpenRequestCounts } from "./request-counts.ts";
import { describeStatsContract, type OpenStats } from "./stats.ts";
import { describeSubscriptionStoreContract, type OpenSubscriptionStore } from "./subscription-store.ts";

export type OpenStores = OpenAuditStore &
  OpenAuditRemoval &
  OpenKardAuditIds &
  OpenAdoptionStore &
  OpenAuditListing &
  OpenAuditLanes &
  OpenOutboxIndex &
  OpenEventFeed &
  OpenStats &
  OpenIssuerDirectory &
  OpenOpenCircuits &
  OpenPollLeases &
  OpenPollCursors &
  OpenSubscriptionStore &
  OpenNotificationStore &
  OpenNotificationListing &
  OpenDeliveryLane &
  OpenNewerAttributes &
  OpenApiKeyStore &
  OpenRequestCounts &
  OpenCallSchedule;

/** Runs the contracts of all store ports against one implementation. */
export function describeStoreContracts(name: string, open: () => Promise<OpenStores>): void {
  describeAuditStoreContract(name, open);
  describeAuditRemovalContract(name, open);
  describeKardAuditIdsContract(name, open);
  describeAdoptionStoreContract(name, open);
  describeAuditListingContract(name, open);
  describeAuditLanesContract(name, open);
  describeOutboxIndexContract(name, open);
  describeEventFeedContract(name, open);
  describeStatsContract(name, open);
  describeIssuerDirectoryContract(name, open);
  describeOpenCircuitsContract(name, open);
  describePollLeasesContract(name, open);
  describePollCursorsContract(name, open);
  describeSubscriptionStoreContract(name, open);
  describeNotificationStoreContract(name, open);
  describeNotificationListingContract(name, open);
  describeDeliveryLaneContract(name, open);
  describeNewerAttributesContract(name, open);
  describeApiKeyStoreContract(name, open);
  describeRequestCountsContract(name, open);
  describeCallScheduleContract(name, open);
}
