/** The routes and their required scopes: `undefined` for a public route, `any` for a route that needs a key only. */
export const auditsApiRoutes = {
  "POST /v2/issuers/{organizationId}/users/{userId}/audits": "audit:write",
  "POST /v2/issuers/{organizationId}/users/{userId}/audits/adopt": "audit:write",
  "GET /v2/issuers/{organizationId}/audits": "audit:read",
  "GET /v2/issuers/{organizationId}/audits/{auditId}": "audit:read",
  "PATCH /v2/issuers/{organizationId}/audits/{auditId}": "audit:write",
  "POST /v2/issuers/{organizationId}/audits/{auditId}/refresh": "audit:write",
  "POST /v2/issuers/{organizationId}/audits/{auditId}/resolve": "audit:write",
  "GET /v2/issuers/{organizationId}/stats": "audit:read",
  "GET /v2/issuers/{organizationId}/events": "audit:read",
  "POST /transactions/audit": "audit:write",
  "GET /transactions/audit/{auditId}": "audit:read",
  "POST /v2/auth/token": undefined,
  "GET /v2/ping": undefined,
  "GET /health": undefined,
  "GET /v2/caller": "any",
  "GET /console": undefined,
  "GET /console/{file}": undefined,
  "GET /openapi.json": undefined,
  $default: undefined,
} as const;

export type AuditsApiRoute = keyof typeof auditsApiRoutes;
