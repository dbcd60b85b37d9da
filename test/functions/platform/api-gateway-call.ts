import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { httpFunction, type Route } from "../../../functions/platform/http.ts";
import { httpError } from "../../../functions/platform/http-error.ts";

export const open = "GET /open";
export const guarded = "GET /v2/issuers/{organizationId}/things";
const writeOnly = "POST /write-only";

export function anEvent(changes: Partial<APIGatewayProxyEventV2> = {}): APIGatewayProxyEventV2 {
  return {
    version: "2.0",
    routeKey: open,
    rawPath: "/open",
    rawQueryString: "",
    headers: {},
    isBase64Encoded: false,
    requestContext: { requestId: "request-1", http: { method: "GET", path: "/open" } },
    ...changes,
  } as APIGatewayProxyEventV2;
}

export async function call(event: APIGatewayProxyEventV2, respond: Route["respond"], errorBody?: Route["errorBody"]) {
  const route: Route = errorBody === undefined ? { respond } : { respond, errorBody };
  const handler = httpFunction({
    scopes: { [open]: undefined, [guarded]: "audit:read", [writeOnly]: undefined, $default: undefined },
    routes: {
      [open]: route,
      [guarded]: route,
      [writeOnly]: route,
      $default: {
        respond: async () => {
          throw httpError(404, "there is no such path");
        },
      },
    },
    authenticate: async (authorization) => {
      const organizations = ["org"];
      switch (authorization) {
        case "Bearer reader":
          return { outcome: "known", caller: { callerId: "key", organizations, scopes: ["audit:read"] } };
        case "Bearer oddly named":
          return {
            outcome: "known",
            caller: { callerId: "key", organizations: ["a/b %2F?#é"], scopes: ["audit:read"] },
          };
        case "Bearer writer":
          return { outcome: "known", caller: { callerId: "key", organizations, scopes: ["audit:write"] } };
        case "Bearer hasty":
          return { outcome: "throttled", retryAfterSeconds: 7 };
        default:
          return { outcome: "unknown" };
      }
    },
  });
  const response = await handler(event, {} as Context);
  return { ...response, json: JSON.parse(response.body ?? "null") as unknown };
}

export const ok = async () => ({ statusCode: 200, body: { ok: true } });
