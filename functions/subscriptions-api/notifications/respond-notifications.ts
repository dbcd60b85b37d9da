import { notificationKeyOf } from "../../core/notifications/notification-id.ts";
import type { NotificationStore } from "../../core/notifications/ports.ts";
import { replayNotification } from "../../core/notifications/replay-notification.ts";
import { pageLinks } from "../../core/shared/page-token.ts";
import type { SubscriptionStore } from "../../core/subscriptions/ports.ts";
import { issuerOf, type Route } from "../../platform/http.ts";
import { httpError } from "../../platform/http-error.ts";
import { readJson, readQuery } from "../../platform/json-body.ts";
import { findSubscription } from "../subscriptions/find-subscription.ts";
import { listNotificationsQuery, recoverBody, recoverQuery } from "./notification-input.ts";
import { notificationDetails, notificationResource } from "./notification-resource.ts";
import { type RecoverDeps, recoverNotifications } from "./recover-notifications.ts";

export interface NotificationRoutesDeps extends RecoverDeps {
  notifications: Pick<NotificationStore, "get" | "getAll" | "put">;
  subscriptions: Pick<SubscriptionStore, "get">;
}

/** The notification routes: each parses the request, makes one call and maps its result. */
export function notificationRoutes(deps: NotificationRoutesDeps) {
  const keyOf = (request: { parameters: Record<string, string> }) =>
    notificationKeyOf(issuerOf(request), request.parameters.notificationId ?? "");
  return {
    "GET /v2/issuers/{organizationId}/notifications": {
      async respond(request) {
        const { filter, size, from } = readQuery(listNotificationsQuery, request.query);
        const { items, next } = await deps.notificationListing.list(issuerOf(request), filter, size, from);
        const meta = { pageSize: size, hasNextPage: next !== undefined };
        const data = items.map(notificationResource);
        return { statusCode: 200, body: { data, meta, links: pageLinks(request, next) } };
      },
    },

    "GET /v2/issuers/{organizationId}/notifications/{notificationId}": {
      async respond(request) {
        const notification = orNoSuch(await deps.notifications.get(orNoSuch(keyOf(request))));
        return { statusCode: 200, body: { data: notificationDetails(notification) } };
      },
    },

    "POST /v2/issuers/{organizationId}/notifications/{notificationId}/replay": {
      async respond(request) {
        const key = orNoSuch(keyOf(request));
        const replayed = orNoSuch(await replayNotification(deps)(key));
        if (replayed === "no-event") throw httpError(404, "the event of this notification has expired or was erased");
        const resource = notificationDetails(replayed);
        // Kard answers a replay with `data.eventId`.
        return { statusCode: 202, body: { data: { ...resource, eventId: resource.attributes.eventId } } };
      },
    },

    "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/recover": {
      async respond(request) {
        const { since, statuses } = readJson(recoverBody, request.body);
        const { dryRun, from } = readQuery(recoverQuery, request.query);
        const { organizationId, subscriptionId } = await findSubscription(deps.subscriptions, request);
        const input = { organizationId, subscriptionId, since, statuses, dryRun, from };
        const { count, failed, skipped, next } = await recoverNotifications(deps)(input);
        const data = { type: "recovery", attributes: { dryRun, notifications: count, failed, skipped } };
        return { statusCode: dryRun ? 200 : 202, body: { data, links: pageLinks(request, next) } };
      },
    },
  } satisfies Record<string, Route>;
}

function orNoSuch<Found>(found: Found | undefined): Found {
  if (found === undefined) throw httpError(404, "there is no such notification");
  return found;
}
