import { setImmediate } from "node:timers/promises";
import { describe, expect, jest, test } from "@jest/globals";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { runInBackground } from "../../../functions/platform/background-work.ts";
import { type HttpRequest, httpFunction, type Route } from "../../../functions/platform/http.ts";
import { HttpError, httpError } from "../../../functions/platform/http-error.ts";
import { logger } from "../../../functions/platform/logger.ts";

const open = "GET /open";
const guarded = "GET /v2/issuers/{organizationId}/things";
const writeOnly = "POST /write-only";

function anEvent(changes: Partial<APIGatewayProxyEventV2> = {}): APIGatewayProxyEventV2 {
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

async function call(event: APIGatewayProxyEventV2, respond: Route["respond"], errorBody?: Route["errorBody"]) {
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
  const answer = await handler(event, {} as Context);
  return { ...answer, json: JSON.parse(answer.body ?? "null") as unknown };
}

const ok = async () => ({ statusCode: 200, body: { ok: true } });

test("a response is JSON and has its request id", async () => {
  expect(await call(anEvent(), ok)).toMatchObject({
    statusCode: 200,
    headers: { "content-type": "application/json", "x-request-id": "request-1" },
    json: { ok: true },
  });
});

test("a response without a body has none", async () => {
  expect(await call(anEvent(), async () => ({ statusCode: 204 }))).not.toHaveProperty("body");
});

test.each([
  [false, "héllo"],
  [true, Buffer.from("héllo").toString("base64")],
])("the body is the sent bytes (base64: %p)", async (isBase64Encoded, body) => {
  let seen: HttpRequest | undefined;
  await call(anEvent({ body, isBase64Encoded, headers: { "content-type": "text/plain" } }), async (request) => {
    seen = request;
    return ok();
  });
  expect(seen?.body).toEqual({ bytes: Buffer.from("héllo"), contentType: "text/plain", contentEncoding: undefined });
});

test("an unknown route gets the default's response", async () => {
  expect(await call(anEvent({ routeKey: "ANY /nowhere" }), ok)).toMatchObject({ statusCode: 404 });
});

/** The event of a method without a route on its path. */
function anEventBy(method: string, path: string): APIGatewayProxyEventV2 {
  const requestContext = { requestId: "request-1", http: { method, path } };
  return anEvent({ routeKey: `ANY ${path}`, pathParameters: { organizationId: "org" }, requestContext } as object);
}

test.each([
  ["POST", "/open", "GET, HEAD"],
  ["OPTIONS", "/open", "GET, HEAD"],
  ["DELETE", "/v2/issuers/{organizationId}/things", "GET, HEAD"],
  ["HEAD", "/write-only", "POST"],
])("%s of %s is a 405 that lists the methods, for every caller", async (method, path, allow) => {
  const answer = await call(anEventBy(method, path), ok);
  expect(answer).toMatchObject({ statusCode: 405, headers: { allow }, json: { errors: [{ status: "405" }] } });
});

test("a 405 has the error format of the path", async () => {
  const answer = await call(anEventBy("DELETE", "/open"), ok, (statusCode) => `refused: ${statusCode}`);
  expect(answer).toMatchObject({ statusCode: 405, json: "refused: 405" });
});

test("HEAD is answered as GET, with GET's authentication", async () => {
  expect(await call(anEventBy("HEAD", "/open"), ok)).toMatchObject({ statusCode: 200 });
  const guardedEvent = anEventBy("HEAD", "/v2/issuers/{organizationId}/things");
  expect(await call(guardedEvent, ok)).toMatchObject({ statusCode: 401 });
  expect(await call({ ...guardedEvent, headers: { authorization: "Bearer reader" } }, ok)).toMatchObject({
    statusCode: 200,
  });
});

test("every 401 names a way to authenticate: Bearer, or the route's own", async () => {
  const unknown = await call(anEvent({ routeKey: guarded, pathParameters: { organizationId: "org" } }), ok);
  expect(unknown).toMatchObject({ statusCode: 401, headers: { "www-authenticate": "Bearer" } });
  const refuse = (headers: Record<string, string>) => async () => {
    throw new HttpError(401, [], headers);
  };
  expect(await call(anEvent(), refuse({}))).toMatchObject({ headers: { "www-authenticate": "Bearer" } });
  expect(await call(anEvent(), refuse({ "www-authenticate": "Own" }))).toMatchObject({
    headers: { "www-authenticate": "Own" },
  });
  expect((await call(anEvent(), ok)).headers).not.toHaveProperty("www-authenticate");
});

test("a route has its encoded path, for any parameters", async () => {
  const organizationId = "a/b %2F?#é";
  const paths: string[] = [];
  const event = anEvent({
    routeKey: guarded,
    rawPath: `/v2/issuers/${organizationId}/things`,
    pathParameters: { organizationId },
    headers: { authorization: "Bearer oddly named" },
  });
  await call(event, async ({ path, urlPath }) => {
    paths.push(path, new URL(urlPath, "http://api.test").pathname);
    return ok();
  });
  expect(paths).toEqual([event.rawPath, "/v2/issuers/a%2Fb%20%252F%3F%23%C3%A9/things"]);
});

describe("a route with a scope", () => {
  const event = (authorization: string | undefined, organizationId = "org") =>
    anEvent({
      routeKey: guarded,
      pathParameters: { organizationId },
      headers: authorization === undefined ? {} : { authorization },
    });

  test("allows a key that has it, for its own issuer", async () => {
    expect(await call(event("Bearer reader"), ok)).toMatchObject({ statusCode: 200 });
  });

  test.each([
    ["nobody", event(undefined), 401],
    ["an unknown key", event("Bearer thief"), 401],
    ["a key that makes too many requests", event("Bearer hasty"), 429],
    ["a key without the scope", event("Bearer writer"), 403],
    ["a key of another issuer", event("Bearer reader", "other"), 404],
    ["a key of another issuer without the scope", event("Bearer writer", "other"), 404],
  ])("refuses %s", async (_, of, statusCode) => {
    let reached = false;
    const answer = await call(of, async () => {
      reached = true;
      return ok();
    });
    expect(answer).toMatchObject({ statusCode, json: { errors: [{ status: String(statusCode) }] } });
    expect(reached).toBe(false);
  });
});

test("a caller with too many requests gets Retry-After", async () => {
  const headers = { authorization: "Bearer hasty" };
  const event = anEvent({ routeKey: guarded, pathParameters: { organizationId: "other" }, headers });
  const secondsFrom = Math.ceil(event.requestContext.timeEpoch / 1_000);
  expect(await call(event, ok)).toMatchObject({
    statusCode: 429,
    headers: { "retry-after": "7", "x-ratelimit-reset": String(secondsFrom + 7) },
  });
});

test("background work ends before the response, and its failure is only logged", async () => {
  const warned = jest.spyOn(logger, "warn").mockReturnValue();
  const ended: string[] = [];
  const answer = await call(anEvent(), async () => {
    runInBackground(setImmediate().then(() => ended.push("slow")));
    runInBackground(Promise.reject(new Error("the table is away")));
    return ok();
  });
  expect(answer.statusCode).toBe(200);
  expect(ended).toEqual(["slow"]);
  expect(warned).toHaveBeenCalledTimes(1);
});

test("an error that a route throws is the response", async () => {
  const thrown = new HttpError(429, [{ status: "429", title: "Too Many Requests", detail: "slow down" }], {
    "retry-after": "7",
  });
  const answer = await call(anEvent(), async () => {
    throw thrown;
  });
  expect(answer).toMatchObject({ statusCode: 429, headers: { "retry-after": "7" }, json: { errors: thrown.errors } });
});

test("an unexpected failure is logged, and gives a 500 without details", async () => {
  const logged = jest.spyOn(logger, "error").mockReturnValue();
  const answer = await call(anEvent(), async () => {
    throw new TypeError("secret of the house");
  });
  expect(answer).toMatchObject({ statusCode: 500, json: { errors: [{ status: "500" }] } });
  expect(answer.body).not.toContain("secret");
  expect(logged).toHaveBeenCalledTimes(1);
});

test("errors have the route's format", async () => {
  const refuse = async () => {
    throw httpError(400, "no");
  };
  const answer = await call(anEvent(), refuse, (statusCode, errors) => `${statusCode}: ${errors[0]?.detail}`);
  expect(answer.json).toBe("400: no");
});

test("a request that did not come through the owner's proxy is refused first", async () => {
  const respond = jest.fn<Route["respond"]>();
  const handler = httpFunction({
    originSecretHashes: ["0".repeat(64)],
    scopes: { [open]: undefined },
    routes: { [open]: { respond } },
    authenticate: async () => ({ outcome: "unknown" }),
  });
  expect(await handler(anEvent(), {} as Context)).toMatchObject({ statusCode: 403 });
  expect(respond).not.toHaveBeenCalled();
});
