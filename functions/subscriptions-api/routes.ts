/** The function's routes and the scope that each asks of the caller's key. */
export const subscriptionsApiRoutes = {
  "POST /v2/issuers/{organizationId}/subscriptions": "notifications:write",
  "GET /v2/issuers/{organizationId}/subscriptions": "notifications:read",
} as const;

export type SubscriptionsApiRoute = keyof typeof subscriptionsApiRoutes;
