import type { AuditsApiRoute } from "../functions/audits-api/routes.ts";
import { pathIdentifier } from "../functions/core/shared/text.ts";
import type { SubscriptionsApiRoute } from "../functions/subscriptions-api/routes.ts";
import type { Api, ApiRequest } from "./api.ts";
import { Failure } from "./failure.ts";

type Route = Exclude<AuditsApiRoute, "$default"> | SubscriptionsApiRoute;

/** The names in braces of a route. */
type ParameterOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;

/**
 * Method and path of a call, by its route at the API.
 *
 * @throws Failure for a parameter that a path cannot carry
 * @param parameters what the route has in braces, besides the issuer, which is the one that is asked as; they are
 * encoded
 * @param query as `queryOf` writes it
 */
export function callOf<Its extends Route>(
  { organizationId }: Pick<Api, "organizationId">,
  route: Its,
  parameters: Record<Exclude<ParameterOf<Its>, "organizationId">, string>,
  query = "",
): Pick<ApiRequest, "method" | "path"> {
  const [method, template = ""] = route.split(" ");
  const values: Record<string, string> = { organizationId, ...parameters };
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => segmentOf(name, values[name] ?? ""));
  return { method: method as ApiRequest["method"], path: path + query };
}

/** A value that a path carries. URL parsers take `.` and `..` for relative paths, however they are encoded. */
export const pathSegment = pathIdentifier.refine((value) => !/^\.{1,2}$/.test(value), "must not be . or ..");

function segmentOf(name: string, value: string): string {
  const result = pathSegment.safeParse(value);
  if (result.success) return encodeURIComponent(value);
  throw new Failure("usage", `${name} ${result.error.issues[0]?.message}`);
}

/** A query string, of what its schema at the API names, with what is not given left out; empty without anything. */
export function queryOf<Query>(parameters: { readonly [Name in keyof Query]?: string | number | undefined }): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return query.size === 0 ? "" : `?${query}`;
}
