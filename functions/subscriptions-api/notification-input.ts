import { z } from "zod";
import { notificationStatus } from "../core/notification.ts";
import { identifier } from "../core/text.ts";

const time = z.iso
  .datetime({ offset: true, error: "must be a time of ISO 8601, such as 2026-01-31T09:00:00Z" })
  .transform((text) => Date.parse(text));

const token = z.string().max(1_000).optional();

/** What a list of notifications can be narrowed to, and its pages. */
export const listNotificationsQuery = z
  .object({
    "filter[status]": notificationStatus.optional(),
    "filter[subscriptionId]": identifier.optional(),
    "filter[after]": time.optional(),
    "filter[before]": time.optional(),
    "page[size]": z.coerce.number().int().min(1).max(200).default(50),
    "page[after]": token,
  })
  .transform((query) => ({
    filter: {
      statuses: query["filter[status]"] && [query["filter[status]"]],
      subscriptionId: query["filter[subscriptionId]"],
      after: query["filter[after]"],
      before: query["filter[before]"],
    },
    size: query["page[size]"],
    token: query["page[after]"],
  }));

export const recoverBody = z.object({ since: time });

export const recoverQuery = z
  .object({ dryRun: z.enum(["true", "false"]).default("false"), "page[after]": token })
  .transform((query) => ({ dryRun: query.dryRun === "true", token: query["page[after]"] }));
