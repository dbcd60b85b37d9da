import type { APIGatewayProxyEventV2 } from "aws-lambda";

interface FoundRoute<RouteKey extends string> {
  /** The route that answers, or whose error format a 405 uses. */
  routeKey: RouteKey;
  /** The path's methods, if the request's method is not one of them. */
  allowed: readonly string[] | undefined;
}

/**
 * Finds the route of a request. API Gateway sends unknown methods of a path to its route `ANY <path>`. HEAD is answered
 * as GET; the server omits the body (RFC 9110, 9.3.2).
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function findRoute<RouteKey extends string>(
  routes: Readonly<Record<RouteKey, unknown>>,
  event: Pick<APIGatewayProxyEventV2, "routeKey" | "requestContext">,
): FoundRoute<RouteKey> {
  if (Object.hasOwn(routes, event.routeKey)) return { routeKey: event.routeKey as RouteKey, allowed: undefined };
  const [, path] = event.routeKey.split(" ");
  const ofPath = (Object.keys(routes) as RouteKey[]).filter((key) => key.split(" ")[1] === path && path !== undefined);
  const [first = "$default" as RouteKey] = ofPath;
  if (first === "$default") return { routeKey: first, allowed: undefined };
  const get = ofPath.find((key) => key.startsWith("GET "));
  if (get !== undefined && event.requestContext.http.method === "HEAD") return { routeKey: get, allowed: undefined };
  const methods = ofPath.map((key) => key.split(" ")[0] ?? "");
  return { routeKey: first, allowed: get === undefined ? methods : [...methods, "HEAD"] };
}
