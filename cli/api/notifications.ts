import type * as z from "zod";
import type {
  listNotificationsQuery,
  recoverBody,
  recoverQuery,
} from "../../functions/subscriptions-api/notifications/notification-input.ts";
import {
  notificationList,
  type notificationShape,
  recovery,
  replayedNotification,
} from "../../functions/subscriptions-api/notifications/notification-shapes.ts";
import { Failure } from "../failure.ts";
import type { Api } from "./api.ts";
import { type Listed, readList } from "./pages.ts";
import { callOf, queryOf } from "./routes.ts";

export type NotificationResource = z.output<typeof notificationShape>;

export interface NotificationListOptions {
  status?: string | undefined;
  subscription?: string | undefined;
  after?: string | undefined;
  before?: string | undefined;
}

/** Lists notifications, newest first. */
export function listNotifications(
  api: Api,
  options: NotificationListOptions,
  most: number,
): Promise<Listed<NotificationResource>> {
  const query = queryOf<z.input<typeof listNotificationsQuery>>({
    "filter[status]": options.status,
    "filter[subscriptionId]": options.subscription,
    "filter[after]": options.after,
    "filter[before]": options.before,
    "page[size]": Math.min(most, 200),
  });
  return readList(
    api,
    notificationList,
    callOf(api, "GET /v2/issuers/{organizationId}/notifications", {}, query),
    most,
  );
}

/** Replays a notification with the same event id and bytes. */
export async function replayNotification(api: Api, id: string) {
  const call = callOf(api, "POST /v2/issuers/{organizationId}/notifications/{notificationId}/replay", {
    notificationId: id,
  });
  return (await api.ask(replayedNotification, call)).data;
}

/** How many notifications were replayed, or would be, could not be, and have no event any more. */
export type RecoveryCounts = Record<"notifications" | "failed" | "skipped", number>;

/**
 * Replays a subscription's notifications since a time, page by page; with `dryRun` it only counts them.
 *
 * @param body since when, and the statuses, by default all that are not delivered
 * @returns the sums of the pages
 */
export async function recoverNotifications(
  api: Api,
  id: string,
  body: z.input<typeof recoverBody>,
  dryRun: boolean,
): Promise<RecoveryCounts> {
  const counts: RecoveryCounts = { notifications: 0, failed: 0, skipped: 0 };
  const query = queryOf<z.input<typeof recoverQuery>>({ dryRun: String(dryRun) });
  const first = callOf(
    api,
    "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/recover",
    { subscriptionId: id },
    query,
  );
  for (let next: string | undefined = first.path; next !== undefined; ) {
    const { data, links }: z.output<typeof recovery> = await api
      .ask(recovery, { ...first, path: next, body })
      .catch((error: unknown) => {
        if (!(error instanceof Failure) || counts.notifications + counts.failed === 0) throw error;
        throw error.after(`${counts.notifications} notifications`);
      });
    counts.notifications += data.attributes.notifications;
    counts.failed += data.attributes.failed;
    counts.skipped += data.attributes.skipped;
    next = links.next;
  }
  return counts;
}
