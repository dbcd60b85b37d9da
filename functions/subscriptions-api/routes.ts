/** The routes and their required scopes. */
export const subscriptionsApiRoutes = {
  "POST /v2/issuers/{organizationId}/subscriptions": "notifications:write",
  "GET /v2/issuers/{organizationId}/subscriptions": "notifications:read",
  "GET /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": "notifications:read",
  "PATCH /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": "notifications:write",
  "DELETE /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": "notifications:write",
  "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/rotate-secret": "notifications:write",
  "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/test": "notifications:write",
  "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/recover": "notifications:write",
  "GET /v2/issuers/{organizationId}/notifications": "notifications:read",
  "GET /v2/issuers/{organizationId}/notifications/{notificationId}": "notifications:read",
  "POST /v2/issuers/{organizationId}/notifications/{notificationId}/replay": "notifications:write",
} as const;

export type SubscriptionsApiRoute = keyof typeof subscriptionsApiRoutes;
