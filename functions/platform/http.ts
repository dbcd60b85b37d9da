import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { Authenticated, Caller } from "../core/access/caller.ts";
import { settleBackgroundWork } from "./background-work.ts";
import { type ErrorObject, errorObject, HttpError, httpError, tooManyRequests } from "./http-error.ts";
import { type HttpResponse, lambdaResponse, rateLimitReset } from "./http-response.ts";
import { findRoute } from "./http-routes.ts";
import type { Body } from "./json-body.ts";
import { describe, logger } from "./logger.ts";
import { publishMetrics } from "./metrics.ts";
import { middyOptions } from "./middy-options.ts";
import { checkOriginSecret } from "./origin-secret.ts";

/** A request for a route. `caller` is authenticated if the route has a scope. */
export interface HttpRequest {
  requestId: string;
  method: string;
  path: string;
  /** The percent-encoded path, for links. API Gateway decodes `path`. */
  urlPath: string;
  parameters: Record<string, string>;
  query: Record<string, string>;
  /** With lower-case names. */
  headers: Record<string, string | undefined>;
  body: Body;
  caller: Omit<Caller, "callerId">;
}

/** The issuer in the path. `httpFunction` has checked that the caller may act for it. */
export function issuerOf({ parameters }: Pick<HttpRequest, "parameters">): string {
  return parameters.organizationId ?? "";
}

/** The handler of one API Gateway route. */
export interface Route {
  respond: (request: HttpRequest) => Promise<HttpResponse>;
  /** The format of error bodies, if it is not Kard's JSON:API envelope. */
  errorBody?: (statusCode: number, errors: readonly ErrorObject[]) => unknown;
}

export interface HttpFunction<RouteKey extends string> {
  /** The required scope of each route; `undefined` for a public route, `any` for every caller. */
  scopes: Readonly<Record<RouteKey, string | undefined>>;
  routes: Readonly<Record<RouteKey, Route>>;
  /** SHA-256 hashes of the accepted origin secrets, if requests must come through the owner's proxy. */
  originSecretHashes?: readonly string[] | undefined;
  /** Authenticates a request. The organization is the one in the path, if any. */
  authenticate: (authorization: string | undefined, organizationId: string | undefined) => Promise<Authenticated>;
}

/**
 * A Lambda handler for API Gateway's payload format 2.0. It finds the route, authenticates the caller, checks its
 * scope, and formats errors for the route. Another caller's issuer gets the same response as one that does not exist.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpFunction<RouteKey extends string>(its: HttpFunction<RouteKey>) {
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>(middyOptions)
    .before(({ event }) => logger.appendKeys({ requestId: event.requestContext.requestId }))
    .handler(async (event: APIGatewayProxyEventV2) => {
      const requestId = event.requestContext.requestId;
      const { routeKey, allowed } = findRoute(its.routes, event);
      try {
        checkOriginSecret(its.originSecretHashes, event.headers);
        if (allowed !== undefined) throw methodNotAllowed(allowed);
        const caller = await admit(its, routeKey, event);
        return lambdaResponse(requestId, await its.routes[routeKey].respond(requestOf(event, routeKey, caller)));
      } catch (error) {
        return lambdaResponse(requestId, failure(its.routes[routeKey], error, event.requestContext.timeEpoch));
      } finally {
        await settleBackgroundWork();
        publishMetrics();
      }
    });
}

/** RFC 9110, 15.5.6: a 405 lists the allowed methods. */
function methodNotAllowed(allowed: readonly string[]): HttpError {
  const allow = allowed.join(", ");
  return new HttpError(405, [errorObject(405, `this path allows ${allow}`)], { allow });
}

async function admit<RouteKey extends string>(
  { scopes, authenticate }: HttpFunction<RouteKey>,
  routeKey: RouteKey,
  event: APIGatewayProxyEventV2,
): Promise<HttpRequest["caller"]> {
  const scope = scopes[routeKey];
  if (scope === undefined) return { organizations: [], scopes: [] };
  const organizationId = event.pathParameters?.organizationId;
  const caller = callerOf(await authenticate(event.headers.authorization, organizationId));
  if (organizationId !== undefined && !caller.organizations.includes(organizationId)) {
    throw httpError(404, "there is no such issuer");
  }
  const scopesOfCaller: readonly string[] = caller.scopes;
  if (scope !== "any" && !scopesOfCaller.includes(scope)) throw httpError(403, `this API key lacks the scope ${scope}`);
  return caller;
}

function callerOf(authenticated: Authenticated): Caller {
  switch (authenticated.outcome) {
    case "known":
      return authenticated.caller;
    case "unknown":
      throw httpError(401, "send a valid API key: `Authorization: Bearer kat_…`");
    case "throttled":
      throw tooManyRequests(authenticated.retryAfterSeconds, "too many requests by this API key or its issuer");
  }
}

function requestOf(event: APIGatewayProxyEventV2, routeKey: string, caller: HttpRequest["caller"]): HttpRequest {
  const { headers, rawPath, requestContext } = event;
  const parameters = definedEntries(event.pathParameters);
  return {
    requestId: requestContext.requestId,
    method: requestContext.http.method,
    path: rawPath,
    urlPath: urlPathOf(routeKey, parameters),
    parameters,
    query: definedEntries(event.queryStringParameters),
    headers,
    body: {
      bytes: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
      contentType: headers["content-type"],
      contentEncoding: headers["content-encoding"],
    },
    caller,
  };
}

function urlPathOf(routeKey: string, parameters: Record<string, string>): string {
  const [, pattern = ""] = routeKey.split(" ");
  return pattern.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parameters[name] ?? ""));
}

function definedEntries(values: Record<string, string | undefined> | undefined): Record<string, string> {
  const given = Object.entries(values ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(given);
}

/** @param requestedAt when API Gateway received the request, in epoch milliseconds */
function failure(route: Route, error: unknown, requestedAt: number): HttpResponse {
  const known = error instanceof HttpError ? error : httpError(500, "internal error; try again");
  if (known !== error) logger.error("unexpected failure", describe(error));
  const body = route.errorBody?.(known.statusCode, known.errors) ?? { errors: known.errors };
  return { statusCode: known.statusCode, body, headers: { ...known.headers, ...rateLimitReset(known, requestedAt) } };
}
