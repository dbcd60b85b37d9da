import { expect } from "@jest/globals";
import type { Scope } from "../../../../functions/core/access/api-key.ts";
import type { auditsApiRoutes, kardWebhookRoutes, subscriptionsApiRoutes } from "../../../../infra/routes.ts";
import { auditFields } from "../issuer.ts";

/** Every route of the API, as `<METHOD> <path>`. */
export type ApiRoute =
  | keyof typeof auditsApiRoutes
  | keyof typeof subscriptionsApiRoutes
  | keyof typeof kardWebhookRoutes;

/** The values of path parameters. */
export interface PathParameters {
  organizationId: string;
  userId: string;
  auditId: string;
  subscriptionId: string;
  notificationId: string;
}

/** A route's required scope, and the response to a valid call. */
export interface AccessRow {
  /** `undefined` for a public route, `any` for a route that needs a key only. */
  scope: Scope | "any" | undefined;
  body?: () => unknown;
  response: { status: number; json: unknown };
  /** Kard's legacy calls have their own error shape. */
  isLegacy?: true;
}

const some = expect.any(String);
const data = (type: string, more: object = {}) => ({ data: expect.objectContaining({ type, ...more }) });
const list = (...items: unknown[]) => ({ data: expect.arrayContaining(items) });
const audit = { type: "audit", id: some };
const subscription = { type: "subscription", id: some };
const posted = (type: string, attributes: object) => () => ({ data: [{ type, attributes }] });
const webhookUrl = "https://example.com/webhooks";

/** A row for each route. A route without a row does not compile. */
export const accessRows: Record<ApiRoute, AccessRow> = {
  "POST /v2/issuers/{organizationId}/users/{userId}/audits": {
    scope: "audit:write",
    body: () => posted("audit", auditFields())(),
    response: { status: 201, json: list(expect.objectContaining(audit)) },
  },
  "POST /v2/issuers/{organizationId}/users/{userId}/audits/adopt": {
    scope: "audit:write",
    body: posted("audit", { kardAuditId: "kard-unknown" }),
    response: { status: 404, json: { errors: [expect.objectContaining({ detail: "Kard does not know this audit" })] } },
  },
  "GET /v2/issuers/{organizationId}/audits": {
    scope: "audit:read",
    response: { status: 200, json: expect.objectContaining(list(expect.objectContaining(audit))) },
  },
  "GET /v2/issuers/{organizationId}/audits/{auditId}": {
    scope: "audit:read",
    response: { status: 200, json: data("audit") },
  },
  "PATCH /v2/issuers/{organizationId}/audits/{auditId}": {
    scope: "audit:write",
    body: () => ({ data: { type: "audit", attributes: { reference: "CASE-1" } } }),
    response: { status: 200, json: data("audit") },
  },
  "POST /v2/issuers/{organizationId}/audits/{auditId}/refresh": {
    scope: "audit:write",
    response: { status: 200, json: data("audit") },
  },
  "POST /v2/issuers/{organizationId}/audits/{auditId}/resolve": {
    scope: "audit:write",
    body: () => ({ data: { type: "audit", attributes: { notAtKard: true } } }),
    response: { status: 409, json: { errors: [expect.objectContaining({ status: "409" })] } },
  },
  "GET /v2/issuers/{organizationId}/stats": {
    scope: "audit:read",
    response: { status: 200, json: data("stats") },
  },
  "GET /v2/issuers/{organizationId}/events": {
    scope: "audit:read",
    // Events are shown two minutes after their publication.
    response: { status: 200, json: { data: [], meta: { hasNextPage: false }, links: {} } },
  },
  "POST /transactions/audit": {
    scope: "audit:write",
    body: () => ({ ...auditFields(), preferredContactEmail: "someone@example.com", issuer: "Bank" }),
    response: { status: 201, json: expect.objectContaining({ _id: some, status: "NEW" }) },
    isLegacy: true,
  },
  "GET /transactions/audit/{auditId}": {
    scope: "audit:read",
    response: { status: 200, json: expect.objectContaining({ _id: some }) },
    isLegacy: true,
  },
  "POST /v2/issuers/{organizationId}/subscriptions": {
    scope: "notifications:write",
    body: posted("subscription", { webhookUrl }),
    response: { status: 201, json: list(expect.objectContaining(subscription)) },
  },
  "GET /v2/issuers/{organizationId}/subscriptions": {
    scope: "notifications:read",
    response: { status: 200, json: list(expect.objectContaining(subscription)) },
  },
  "GET /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": {
    scope: "notifications:read",
    response: { status: 200, json: data("subscription") },
  },
  "PATCH /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": {
    scope: "notifications:write",
    body: () => ({ data: { type: "subscription", attributes: { description: "pager" } } }),
    response: { status: 200, json: data("subscription") },
  },
  "DELETE /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": {
    scope: "notifications:write",
    response: { status: 204, json: undefined },
  },
  "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/rotate-secret": {
    scope: "notifications:write",
    response: { status: 200, json: data("subscription") },
  },
  "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/test": {
    scope: "notifications:write",
    response: { status: 200, json: data("test") },
  },
  "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/recover": {
    scope: "notifications:write",
    body: () => ({ since: "2026-01-01T00:00:00Z" }),
    response: { status: 202, json: expect.objectContaining(data("recovery")) },
  },
  "GET /v2/issuers/{organizationId}/notifications": {
    scope: "notifications:read",
    response: { status: 200, json: expect.objectContaining(list(expect.objectContaining({ type: "notification" }))) },
  },
  "GET /v2/issuers/{organizationId}/notifications/{notificationId}": {
    scope: "notifications:read",
    response: { status: 200, json: data("notification") },
  },
  "POST /v2/issuers/{organizationId}/notifications/{notificationId}/replay": {
    scope: "notifications:write",
    response: { status: 202, json: data("notification", { eventId: some }) },
  },
  "POST /kard/{organizationId}/notifications": {
    scope: undefined,
    response: { status: 401, json: { errors: [expect.objectContaining({ source: { header: "notify-signature" } })] } },
  },
  "POST /v2/auth/token": {
    scope: undefined,
    body: () => ({ client_id: "aaaaaaaaaaaa", client_secret: "kat_" }),
    response: { status: 401, json: { errors: [expect.objectContaining({ title: "Unauthorized Error" })] } },
  },
  "GET /v2/ping": {
    scope: undefined,
    response: { status: 200, json: { message: "pong", status: "ok", timestamp: some } },
  },
  "GET /health": { scope: undefined, response: { status: 200, json: { status: "ok" } } },
  "GET /v2/caller": { scope: "any", response: { status: 200, json: data("caller") } },
  "GET /console/{file}": {
    scope: undefined,
    response: { status: 404, json: { errors: [expect.objectContaining({ detail: "there is no such file" })] } },
  },
  "GET /console": { scope: undefined, response: { status: 200, json: undefined } },
  "GET /openapi.json": {
    scope: undefined,
    response: { status: 200, json: expect.objectContaining({ openapi: "3.1.0" }) },
  },
  $default: {
    scope: undefined,
    response: {
      status: 404,
      json: {
        errors: [{ status: "404", title: "Does Not Exist Error", detail: "there is no such path" }],
      },
    },
  },
};

/** A route's method, and its path with parameters filled in. */
export function callOf(route: ApiRoute, parameters: PathParameters): { method: "GET" | "POST"; path: string } {
  const [method = "", path = ""] = route === "$default" ? ["GET", "/nowhere"] : route.split(" ");
  const filled = path.replace(/\{(\w+)\}/g, (_, name: keyof PathParameters) => parameters[name]);
  return { method: method as "GET", path: filled };
}
