import type { IncomingHttpHeaders } from "node:http";
import type { RouteName } from "../state/settings.ts";
import type { ErrorStyle, SandboxResponse } from "./responses.ts";

export interface Call {
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
  /** The issuer of the caller's token; null if the token is not restricted to one. */
  issuer: string | null;
}

export interface Route {
  /** Routes without a name belong to the admin API: no counts, no faults, no authentication. */
  name?: RouteName;
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Segments that begin with a colon are parameters. */
  path: string;
  style: ErrorStyle;
  needsToken?: boolean;
  respond(call: Call): SandboxResponse;
}

/** Finds a request's route and decodes its path parameters. Uses the raw path, so dot segments stay unchanged. */
export function matchRoute(routes: readonly Route[], method: string, rawPath: string) {
  for (const route of routes) {
    const params = route.method === method ? matchPath(route.path, rawPath) : undefined;
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

function matchPath(pattern: string, rawPath: string): Record<string, string> | undefined {
  const names = pattern.split("/");
  const segments = rawPath.split("/");
  if (names.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const segment = segments[index] ?? "";
    if (!name.startsWith(":")) {
      if (name !== segment) return undefined;
      continue;
    }
    if (segment === "") return undefined;
    try {
      params[name.slice(1)] = decodeURIComponent(segment);
    } catch {
      return undefined;
    }
  }
  return params;
}
