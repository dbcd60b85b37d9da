import * as z from "zod";
import { notificationStatus } from "../../core/notifications/notification.ts";
import { notificationKeyOf } from "../../core/notifications/notification-id.ts";
import { pageSize, queryTime, severalNames } from "../../core/shared/list-query.ts";
import { pageAfter } from "../../core/shared/page-token.ts";
import { orSeveral, severalIdentifiers } from "../../core/shared/several-texts.ts";

const afterNotification = pageAfter((id) => notificationKeyOf("", id) !== undefined);

/** The filters and paging of a list of notifications. */
export const listNotificationsQuery = z
  .strictObject({
    "filter[status]": severalNames(notificationStatus.options).optional(),
    "filter[subscriptionId]": severalIdentifiers().describe(`The subscription's id${orSeveral}`).optional(),
    "filter[after]": queryTime.describe("Of events at this time or later.").optional(),
    "filter[before]": queryTime.describe("Of events before this time.").optional(),
    "page[size]": pageSize,
    "page[after]": afterNotification,
  })
  .transform((query) => ({
    filter: {
      statuses: query["filter[status]"],
      subscriptionIds: query["filter[subscriptionId]"],
      since: query["filter[after]"],
      before: query["filter[before]"],
    },
    size: query["page[size]"],
    from: query["page[after]"],
  }));

export const recoverBody = z.object({
  since: queryTime.describe("Replays notifications of events at this time or later."),
  statuses: z
    .array(notificationStatus)
    .min(1, "must name a status")
    .default(["pending", "delivery_failed", "held"])
    .describe(
      "The statuses to replay; by default all except `delivered`. A pending notification is replayed only if it has " +
        "failed before; otherwise it is already being sent.",
    ),
});

export const recoverQuery = z
  .strictObject({ dryRun: z.enum(["true", "false"]).default("false"), "page[after]": afterNotification })
  .transform((query) => ({ dryRun: query.dryRun === "true", from: query["page[after]"] }));
