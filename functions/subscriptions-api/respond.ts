import type { Route } from "../platform/http.ts";
import { type NotificationRoutesDeps, notificationRoutes } from "./notifications/respond-notifications.ts";
import type { SubscriptionsApiRoute } from "./routes.ts";
import { type SubscriptionRoutesDeps, subscriptionRoutes } from "./subscriptions/respond-subscriptions.ts";

/** All routes of the function. */
export function respond(
  deps: Omit<NotificationRoutesDeps, "subscriptions"> & SubscriptionRoutesDeps,
): Record<SubscriptionsApiRoute, Route> {
  return { ...subscriptionRoutes(deps), ...notificationRoutes(deps) };
}
