import type { APIGatewayProxyEventV2 } from "aws-lambda";

interface FoundRoute<RouteKey extends string> {
  /** The route that answers, or in whose shape a 405 is answered. */
  routeKey: RouteKey;
  /** The methods that the path has, where it has not the request's. */
  allowed: readonly string[] | undefined;
}

/**
 * Finds the route of a request. API Gateway sends methods that a path does not have to its route `ANY <path>`: among
 * them HEAD, which is answered as GET is, without the body, which whoever sends the answer leaves out (RFC 9110,
 * 9.3.2).
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
