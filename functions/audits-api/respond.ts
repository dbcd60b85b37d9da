import type * as z from "zod";
import { timestamp } from "../core/events/events.ts";
import type { Route } from "../platform/http.ts";
import { httpError } from "../platform/http-error.ts";
import type { callerShape, ping } from "./audit-shapes.ts";
import { type IssueTokenDeps, issueToken } from "./issue-token.ts";
import { legacyRoutes } from "./legacy/respond-legacy.ts";
import { type AuditRoutesDeps, auditRoutes } from "./respond-audits.ts";
import type { AuditsApiRoute } from "./routes.ts";
import { readTokenRequest } from "./token-input.ts";

export interface AuditsApiDeps extends AuditRoutesDeps, IssueTokenDeps {}

/** All routes of the function. */
export function respond(
  deps: AuditsApiDeps,
): Record<Exclude<AuditsApiRoute, "GET /console" | "GET /console/{file}" | "GET /openapi.json">, Route> {
  return {
    ...auditRoutes(deps),
    ...legacyRoutes(deps),

    "POST /v2/auth/token": {
      async respond(request) {
        const body = await issueToken(deps)(readTokenRequest(request), request.headers["x-kard-target-issuer"]);
        // RFC 6749, 5.1.
        return { statusCode: 200, body, headers: { "cache-control": "no-store" } };
      },
    },

    "GET /v2/ping": {
      async respond() {
        const body: z.infer<typeof ping> = { message: "pong", status: "ok", timestamp: timestamp(deps.clock()) };
        return { statusCode: 200, body };
      },
    },

    "GET /v2/caller": {
      async respond({ caller }) {
        const { organizations, scopes, validUntil } = caller;
        const attributes: z.infer<typeof callerShape>["attributes"] = {
          organizations: [...organizations],
          scopes: [...scopes],
          ...(validUntil === undefined ? {} : { validUntil: timestamp(validUntil) }),
        };
        return { statusCode: 200, body: { data: { type: "caller", attributes } } };
      },
    },

    "GET /health": { respond: async () => ({ statusCode: 200, body: { status: "ok" } }) },

    $default: {
      // The path is not repeated in the error, because it may contain an API key by mistake.
      respond: async () => {
        throw httpError(404, "there is no such path");
      },
    },
  };
}
