/** A route of an HTTP API. */
export interface RoutePattern {
  /** `METHOD /path/{variable}/{greedy+}`, or `$default`. */
  readonly routeKey: string;
}

export interface RouteMatch<Route> {
  readonly route: Route;
  /** Undefined if the route has no variables. */
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

type Segment = { readonly kind: "static" | "variable" | "greedy"; readonly name: string };

const rank = { static: 0, variable: 1, greedy: 2 } as const;

function parsePath(path: string): Segment[] {
  return path
    .split("/")
    .slice(1)
    .map((segment): Segment => {
      const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(segment) ?? [];
      if (name === undefined) return { kind: "static", name: segment };
      return { kind: plus === "+" ? "greedy" : "variable", name };
    });
}

/**
 * Creates a router. The most specific route wins (AWS: routes for HTTP APIs): a full match, then path variables, then a
 * greedy variable, then `$default`; a method wins over `ANY`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 * @returns a function that finds the route for a method and a decoded path.
 */
export function createRouter<Route extends RoutePattern>(
  routes: readonly Route[],
): (method: string, path: string) => RouteMatch<Route> | undefined {
  const fallback = routes.find(({ routeKey }) => routeKey === "$default");
  const patterns = routes
    .filter((route) => route !== fallback)
    .map((route) => {
      const [method = "", path = ""] = route.routeKey.split(" ");
      return { route, method, segments: parsePath(path) };
    })
    .sort((a, b) => compare(a.segments, b.segments) || Number(a.method === "ANY") - Number(b.method === "ANY"));

  return (method, path) => {
    const parts = path.split("/").slice(1);
    for (const pattern of patterns) {
      if (pattern.method !== "ANY" && pattern.method !== method) continue;
      const variables = matchSegments(pattern.segments, parts);
      if (variables === undefined) continue;
      const names = Object.keys(variables);
      return { route: pattern.route, pathParameters: names.length === 0 ? undefined : variables };
    }
    return fallback === undefined ? undefined : { route: fallback, pathParameters: undefined };
  };
}

function compare(a: readonly Segment[], b: readonly Segment[]): number {
  for (const [i, segment] of a.entries()) {
    const other = b[i];
    if (other === undefined) return -1;
    if (rank[segment.kind] !== rank[other.kind]) return rank[segment.kind] - rank[other.kind];
  }
  return 0;
}

function matchSegments(segments: readonly Segment[], parts: readonly string[]): Record<string, string> | undefined {
  const variables: Record<string, string> = {};
  for (const [i, { kind, name }] of segments.entries()) {
    const part = parts[i];
    if (part === undefined) return undefined;
    if (kind === "static" && part !== name) return undefined;
    if (kind !== "static" && part === "") return undefined;
    if (kind === "greedy") {
      variables[name] = parts.slice(i).join("/");
      return variables;
    }
    if (kind === "variable") variables[name] = part;
  }
  return parts.length === segments.length ? variables : undefined;
}
