import type { z } from "zod";
import {
  recovery,
  replayedNotification,
  shownNotification,
} from "../functions/subscriptions-api/notification-shapes.ts";
import type { Api } from "./api.ts";
import { pathOf, queryOf, readList } from "./pages.ts";

export type ShownNotification = z.output<typeof shownNotification>;

export interface NotificationListOptions {
  status?: string | undefined;
  subscription?: string | undefined;
  after?: string | undefined;
  before?: string | undefined;
}

/** What became of each event for each webhook, newest first. */
export function listNotifications(
  api: Api,
  options: NotificationListOptions,
  most: number,
): Promise<ShownNotification[]> {
  const query = queryOf({
    "filter[status]": options.status,
    "filter[subscriptionId]": options.subscription,
    "filter[after]": options.after,
    "filter[before]": options.before,
    "page[size]": Math.min(most, 200),
  });
  return readList(api, shownNotification, pathOf(api, "notifications") + query, most);
}

/** Has an event sent again, with the same id and bytes. */
export async function replayNotification(api: Api, id: string) {
  const path = pathOf(api, "notifications", id, "replay");
  return (await api.ask(replayedNotification, { method: "POST", path })).data;
}

/**
 * Sends again what a subscription was not delivered since a time, or with `dryRun` only counts it; all pages of it.
 *
 * @returns how many
 */
export async function recoverNotifications(api: Api, id: string, since: string, dryRun: boolean): Promise<number> {
  let count = 0;
  const first = pathOf(api, "subscriptions", id, "recover") + queryOf({ dryRun: String(dryRun) });
  for (let next: string | undefined = first; next !== undefined; ) {
    const { data, links }: z.output<typeof recovery> = await api.ask(recovery, {
      method: "POST",
      path: next,
      body: { since },
    });
    count += data.attributes.notifications;
    next = links.next;
  }
  return count;
}
