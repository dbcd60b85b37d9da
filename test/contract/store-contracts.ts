import { describeApiKeyStoreContract, type OpenApiKeyStore } from "./access/api-key-store.ts";
import { describeRequestCountsContract, type OpenRequestCounts } from "./access/request-counts.ts";
import { describeAuditListingContract } from "./audits/audit-listing.ts";
import { describeAuditListingProperties } from "./audits/audit-listing-properties.ts";
import { describeAuditRemovalContract, type OpenAuditRemoval } from "./audits/audit-removal.ts";
import { describeAuditStoreContract, type OpenAuditStore } from "./audits/audit-store.ts";
import { describeGuardedUpdatesContract } from "./audits/guarded-updates.ts";
import { describeIssuerDirectoryContract, type OpenIssuerDirectory } from "./audits/issuer-directory.ts";
import { describeKardAuditIdsContract, type OpenKardAuditIds } from "./audits/kard-audit-ids.ts";
import type { OpenAuditListing } from "./audits/listed-audits.ts";
import { describeOpenSnapshotsContract, type OpenOpenSnapshots } from "./audits/open-snapshots.ts";
import { describeStatsContract, type OpenStats } from "./audits/stats.ts";
import { describeDeliveryLaneContract, type OpenDeliveryLane } from "./notifications/delivery-lane.ts";
import {
  describeNotificationListingContract,
  type OpenNotificationListing,
} from "./notifications/notification-listing.ts";
import { describeNotificationStoreContract, type OpenNotificationStore } from "./notifications/notification-store.ts";
import { describeEventFeedContract, type OpenEventFeed } from "./publishing/event-feed.ts";
import { describeOutboxIndexContract, type OpenOutboxIndex } from "./publishing/outbox-index.ts";
import { describeCallScheduleContract, type OpenCallSchedule } from "./shared/call-schedule.ts";
import { describeNewerAttributesContract, type OpenNewerAttributes } from "./shared/newer-attributes.ts";
import { describeNewerValuesContract, type OpenNewerValues } from "./shared/newer-values.ts";
import { describeSubscriptionStoreContract, type OpenSubscriptionStore } from "./subscriptions/subscription-store.ts";
import { describeAdoptionStoreContract, type OpenAdoptionStore } from "./tracking/adoption-store.ts";
import { describeAuditLanesContract } from "./tracking/audit-lanes.ts";
import { describeDueLanesContract } from "./tracking/due-lanes.ts";
import type { OpenAuditLanes } from "./tracking/lane-samples.ts";
import { describeOpenCircuitsContract, type OpenOpenCircuits } from "./tracking/open-circuits.ts";
import { describePollCursorsContract, type OpenPollCursors } from "./tracking/poll-cursors.ts";
import { describePollLeasesContract, type OpenPollLeases } from "./tracking/poll-leases.ts";

export type OpenStores = OpenAuditStore &
  OpenAuditRemoval &
  OpenKardAuditIds &
  OpenAdoptionStore &
  OpenAuditListing &
  OpenAuditLanes &
  OpenOutboxIndex &
  OpenEventFeed &
  OpenStats &
  OpenOpenSnapshots &
  OpenIssuerDirectory &
  OpenOpenCircuits &
  OpenPollLeases &
  OpenPollCursors &
  OpenSubscriptionStore &
  OpenNotificationStore &
  OpenNotificationListing &
  OpenDeliveryLane &
  OpenNewerAttributes &
  OpenNewerValues &
  OpenApiKeyStore &
  OpenRequestCounts &
  OpenCallSchedule;

/** Runs the contracts of all store ports against one implementation. */
export function describeStoreContracts(name: string, open: () => Promise<OpenStores>): void {
  describeAuditStoreContract(name, open);
  describeGuardedUpdatesContract(name, open);
  describeAuditRemovalContract(name, open);
  describeKardAuditIdsContract(name, open);
  describeAdoptionStoreContract(name, open);
  describeAuditListingContract(name, open);
  describeAuditListingProperties(name, open);
  describeAuditLanesContract(name, open);
  describeDueLanesContract(name, open);
  describeOutboxIndexContract(name, open);
  describeEventFeedContract(name, open);
  describeStatsContract(name, open);
  describeOpenSnapshotsContract(name, open);
  describeIssuerDirectoryContract(name, open);
  describeOpenCircuitsContract(name, open);
  describePollLeasesContract(name, open);
  describePollCursorsContract(name, open);
  describeSubscriptionStoreContract(name, open);
  describeNotificationStoreContract(name, open);
  describeNotificationListingContract(name, open);
  describeDeliveryLaneContract(name, open);
  describeNewerAttributesContract(name, open);
  describeNewerValuesContract(name, open);
  describeApiKeyStoreContract(name, open);
  describeRequestCountsContract(name, open);
  describeCallScheduleContract(name, open);
}
