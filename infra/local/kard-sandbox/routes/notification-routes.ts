import { notificationQuery } from "../http/requests.ts";
import { v2Error } from "../http/responses.ts";
import type { Route } from "../http/routes.ts";
import type { Pushes } from "../pushes.ts";
import type { SandboxNotification, SandboxNotifications } from "../state/notifications.ts";
import type { SandboxSubscriptions } from "../state/subscriptions.ts";

const path = "/v2/issuers/:organizationId/notifications";

/** Kard's "List Notifications", most recent first, and "Replay Notification". */
export function notificationRoutes(options: {
  notifications: SandboxNotifications;
  subscriptions: SandboxSubscriptions;
  pushes: Pushes;
}): Route[] {
  const { notifications, subscriptions, pushes } = options;
  return [
    {
      name: "notifications",
      method: "GET",
      path,
      style: "v2",
      needsToken: true,
      respond({ params: { organizationId = "" }, query }) {
        const parsed = notificationQuery.safeParse(Object.fromEntries(query));
        if (!parsed.success) {
          const { path: [parameter = ""] = [], message = "" } = parsed.error.issues[0] ?? {};
          return v2Error(400, message, { source: { parameter: String(parameter) } });
        }
        const filters = parsed.data;
        const matching = notifications.list(organizationId).filter((notification) => matches(notification, filters));
        const { "page[after]": after, "page[before]": before, "page[size]": pageSize } = filters;
        const page =
          before === undefined
            ? matching.filter(({ number }) => number < (after ?? Infinity)).slice(0, pageSize)
            : matching.filter(({ number }) => number > before).slice(-pageSize);
        const last = page.at(-1)?.number ?? 0;
        const hasNextPage = matching.some(({ number }) => number < last);
        const self = path.replace(":organizationId", encodeURIComponent(organizationId));
        const next = hasNextPage && { next: `${self}?page[after]=${last}` };
        return {
          status: 200,
          json: { data: page.map(resource), meta: { pageSize, hasNextPage }, links: { self, ...next } },
        };
      },
    },
    {
      name: "replay",
      method: "POST",
      path: `${path}/:eventId/replay`,
      style: "v2",
      needsToken: true,
      respond({ params: { organizationId = "", eventId = "" } }) {
        const notification = notifications.find(eventId);
        if (notification?.organizationId !== organizationId) return v2Error(404, "There is no such notification");
        const [subscription] = subscriptions.enabledFor(organizationId, notification.eventName);
        if (subscription === undefined) return v2Error(409, "No subscription for this event is enabled");
        pushes.replay(eventId, subscription.id);
        return { status: 202, json: { data: { eventId } } };
      },
    },
  ];
}

function matches(notification: SandboxNotification, filters: ReturnType<typeof notificationQuery.parse>): boolean {
  const { "filter[eventName]": eventName, "filter[status]": status } = filters;
  const { "filter[after]": after, "filter[before]": before } = filters;
  return (
    (eventName === undefined || notification.eventName === eventName) &&
    (status === undefined || notification.status === status) &&
    (after === undefined || notification.createdAt > Date.parse(after)) &&
    (before === undefined || notification.createdAt < Date.parse(before))
  );
}

function resource(notification: SandboxNotification) {
  const { id, eventName, createdAt, lastAttemptAt, status, attempts, statusCode, errorMessage } = notification;
  return {
    type: "notification",
    id,
    attributes: {
      eventId: id,
      eventName,
      timestamp: new Date(createdAt).toISOString(),
      lastAttemptAt: new Date(lastAttemptAt).toISOString(),
      ...{ status, attempts },
      ...(statusCode !== null && { statusCode }),
      ...(errorMessage !== null && { errorMessage }),
    },
  };
}
