import type { Route } from "../platform/http.ts";
import { type NotificationRoutesDeps, notificationRoutes } from "./respond-notifications.ts";
import { type SubscriptionRoutesDeps, subscriptionRoutes } from "./respond-subscriptions.ts";
import type { SubscriptionsApiRoute } from "./routes.ts";

/** All routes of the function. */
export function respond(
  deps: Omit<NotificationRoutesDeps, "subscriptions"> & SubscriptionRoutesDeps,
): Record<SubscriptionsApiRoute, Route> {
  return { ...subscriptionRoutes(deps), ...notificationRoutes(deps) };
}
