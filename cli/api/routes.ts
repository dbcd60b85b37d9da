import type { AuditsApiRoute } from "../../functions/audits-api/routes.ts";
import { pathIdentifier } from "../../functions/core/shared/text.ts";
import type { SubscriptionsApiRoute } from "../../functions/subscriptions-api/routes.ts";
import { Failure } from "../failure.ts";
import type { Api, ApiRequest } from "./api.ts";

type Route = Exclude<AuditsApiRoute, "$default"> | SubscriptionsApiRoute;

/** The parameter names of a route, in braces. */
type ParameterOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;

/**
 * The method and path of a call, from its API route.
 *
 * @throws Failure if a value cannot be in a path
 * @param parameters the route's parameters except the issuer, which is the connection's; they are encoded
 * @param query from `queryOf`
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

/** A value that is safe in a path. URL parsers treat `.` and `..` as relative paths, even if encoded. */
export const pathSegment = pathIdentifier.refine((value) => !/^\.{1,2}$/.test(value), "must not be . or ..");

function segmentOf(name: string, value: string): string {
  const result = pathSegment.safeParse(value);
  if (result.success) return encodeURIComponent(value);
  throw new Failure("usage", `${name} ${result.error.issues[0]?.message}`);
}

/**
 * Checks ids before the first request with one of them.
 *
 * @throws Failure (usage) if one cannot be in a path
 */
export function checkIds(ids: readonly string[]): void {
  for (const id of ids) segmentOf(`the id ${JSON.stringify(id)}`, id);
}

/** A query string with the parameters of an API schema. Absent ones are left out. */
export function queryOf<Query>(parameters: { readonly [Name in keyof Query]?: string | number | undefined }): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return query.size === 0 ? "" : `?${query}`;
}
