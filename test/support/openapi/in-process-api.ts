import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { type ConsoleDeps, consoleRoutes } from "../../../functions/audits-api/console/serve-console.ts";
import { respond as respondAudits } from "../../../functions/audits-api/respond.ts";
import { auditsApiRoutes as auditScopes } from "../../../functions/audits-api/routes.ts";
import { cacheApiKeys } from "../../../functions/core/access/api-key-cache.ts";
import { authenticator } from "../../../functions/core/access/authenticate.ts";
import { respond as respondPush } from "../../../functions/kard-webhook/respond.ts";
import { kardWebhookRoutes as pushScopes } from "../../../functions/kard-webhook/routes.ts";
import { httpFunction } from "../../../functions/platform/http.ts";
import { respond as respondSubscriptions } from "../../../functions/subscriptions-api/respond.ts";
import { subscriptionsApiRoutes as subscriptionScopes } from "../../../functions/subscriptions-api/routes.ts";
import { decodePath } from "../../../infra/local/runner/triggers/http-path.ts";
import { proxyEvent } from "../../../infra/local/runner/triggers/http-payload.ts";
import { createRouter } from "../../../infra/local/runner/triggers/http-routes.ts";
import { auditsApiRoutes, kardWebhookRoutes, subscriptionsApiRoutes } from "../../../infra/routes.ts";
import type { fakeWorld } from "../fake-world.ts";
import type { ApiResponse } from "./check-response.ts";
import type { ApiRequest } from "./requests.ts";

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

const smallConsole: ConsoleDeps = {
  files: () => ({ page: "<html></html>", assets: new Map([["console-1.js", gzipSync("1")]]) }),
  signIn: undefined,
};

/** The template's routes, and one for the other methods of each path. */
const routesOf = <Of extends string>(routes: object, of: Of) =>
  Object.keys(routes)
    .flatMap((route) => [route, route.replace(/^\w+(?= )/, "ANY")])
    .map((routeKey) => ({ routeKey, of }));

const findRoute = createRouter([
  ...routesOf(auditsApiRoutes, "audits"),
  ...routesOf(subscriptionsApiRoutes, "subscriptions"),
  ...routesOf(kardWebhookRoutes, "push"),
]);

/**
 * The API's functions, wired like their handlers, over a world in memory, behind the template's routes and API
 * Gateway's payload.
 */
export function inProcessApi(
  world: ReturnType<typeof fakeWorld>,
  webhookKey: string,
  openApi: unknown,
  console: ConsoleDeps = smallConsole,
) {
  const runInBackground = () => undefined;
  const unlimited = () => undefined;
  const limits = { limitCaller: unlimited, limitIssuer: unlimited };
  const authenticate = authenticator({ identify: [cacheApiKeys({ ...world, runInBackground })], ...limits });
  const randomBytes = (count: number) => Buffer.alloc(count, 7);
  const handlers: Record<"audits" | "subscriptions" | "push", Handler> = {
    audits: httpFunction({
      scopes: auditScopes,
      authenticate,
      routes: {
        ...consoleRoutes(console),
        "GET /openapi.json": { respond: async () => ({ statusCode: 200, body: openApi }) },
        ...respondAudits({ ...world, authenticate }),
      },
    }),
    subscriptions: httpFunction({
      scopes: subscriptionScopes,
      authenticate,
      routes: respondSubscriptions({
        ...world,
        randomBytes,
        webhookTargets: { reach: "public", ports: [443] },
      }),
    }),
    push: httpFunction({
      scopes: pushScopes,
      authenticate: async () => ({ outcome: "unknown" }),
      routes: respondPush({
        ...world,
        secret: { webhookKeysFor: async () => [webhookKey], reread: async () => undefined },
        limitPushes: unlimited,
        onTaken: () => undefined,
      }),
    }),
  };

  return async ({
    method,
    target,
    headers,
    body = Buffer.alloc(0),
  }: ApiRequest): Promise<ApiResponse & { bytes: Buffer }> => {
    const [sentPath = "", ...rest] = target.split("?");
    const path = decodePath(sentPath);
    if (path === undefined) throw new Error(`API Gateway refuses ${sentPath} by itself`);
    const match = findRoute(method, path);
    if (match === undefined) throw new Error("$default takes every path");
    const { routeKey, of } = match.route;
    const event = proxyEvent({
      ...{ method, path, rawQuery: rest.join("?"), headers, body, routeKey, pathParameters: match.pathParameters },
      ...{
        sourceIp: "127.0.0.1",
        at: new Date(world.clock()),
        requestId: randomUUID(),
        apiId: "api",
        account: "account",
      },
    });
    const response = await handlers[of](event, {} as Context);
    return {
      status: response.statusCode ?? 0,
      headers: (response.headers ?? {}) as Record<string, string>,
      text: response.body ?? "",
      bytes: Buffer.from(response.body ?? "", response.isBase64Encoded === true ? "base64" : "utf8"),
    };
  };
}
