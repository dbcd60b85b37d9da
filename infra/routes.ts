import type { AuditsApiRoute } from "../functions/audits-api/routes.ts";
import type { KardWebhookRoute } from "../functions/kard-webhook/routes.ts";
import type { SubscriptionsApiRoute } from "../functions/subscriptions-api/routes.ts";

// Each list is a record of its function's route type, so a missing or surplus route does not compile.

/** The routes of `audits-api`. `$default` answers unknown paths with an error in Kard's shape. */
export const auditsApiRoutes: Record<AuditsApiRoute, true> = {
  "POST /v2/issuers/{organizationId}/users/{userId}/audits": true,
  "POST /v2/issuers/{organizationId}/users/{userId}/audits/adopt": true,
  "GET /v2/issuers/{organizationId}/audits": true,
  "GET /v2/issuers/{organizationId}/audits/{auditId}": true,
  "PATCH /v2/issuers/{organizationId}/audits/{auditId}": true,
  "POST /v2/issuers/{organizationId}/audits/{auditId}/refresh": true,
  "POST /v2/issuers/{organizationId}/audits/{auditId}/resolve": true,
  "GET /v2/issuers/{organizationId}/stats": true,
  "GET /v2/issuers/{organizationId}/events": true,
  "POST /transactions/audit": true,
  "GET /transactions/audit/{auditId}": true,
  "POST /v2/auth/token": true,
  "GET /v2/ping": true,
  "GET /health": true,
  "GET /v2/caller": true,
  "GET /console": true,
  "GET /console/{file}": true,
  "GET /openapi.json": true,
  $default: true,
};

/** The routes of `subscriptions-api`. */
export const subscriptionsApiRoutes: Record<SubscriptionsApiRoute, true> = {
  "POST /v2/issuers/{organizationId}/subscriptions": true,
  "GET /v2/issuers/{organizationId}/subscriptions": true,
  "GET /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": true,
  "PATCH /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": true,
  "DELETE /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": true,
  "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/rotate-secret": true,
  "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/test": true,
  "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/recover": true,
  "GET /v2/issuers/{organizationId}/notifications": true,
  "GET /v2/issuers/{organizationId}/notifications/{notificationId}": true,
  "POST /v2/issuers/{organizationId}/notifications/{notificationId}/replay": true,
};

/** The route of Kard's pushes. */
export const kardWebhookRoutes: Record<KardWebhookRoute, true> = {
  "POST /kard/{organizationId}/notifications": true,
};

/** The routes that need no key, no signature and no client credentials. */
const anonymousRoutes = [
  "GET /v2/ping",
  "GET /health",
  "GET /console",
  "GET /console/{file}",
  "GET /openapi.json",
  "$default",
] as const satisfies readonly AuditsApiRoute[];

/**
 * Requests per second of each route with its own throttle. API Gateway counts a request before any function checks its
 * key, so a flood of one route must not use up the throttle of another.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
export function throttlesOf(rates: {
  apiRequestsPerSecond: number;
  anonymousRequestsPerSecond: number;
  pushRequestsPerSecond: number;
}): Record<string, number> {
  const each = (routes: readonly string[], rate: number) => Object.fromEntries(routes.map((route) => [route, rate]));
  return {
    ...each(Object.keys({ ...auditsApiRoutes, ...subscriptionsApiRoutes }), rates.apiRequestsPerSecond),
    // Each path also has a route for all other methods.
    ...each(
      anonymousRoutes.flatMap((route) => [route, route.replace(/^\w+ /, "ANY ")]),
      rates.anonymousRequestsPerSecond,
    ),
    ...each(Object.keys(kardWebhookRoutes), rates.pushRequestsPerSecond),
  };
}
