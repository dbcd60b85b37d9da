import { describe, expect, jest, test } from "@jest/globals";
import type { Context } from "aws-lambda";
import { httpFunction, type Route } from "../../../functions/platform/http.ts";
import { HttpError } from "../../../functions/platform/http-error.ts";
import { anEvent, call, guarded, ok, open } from "./api-gateway-call.ts";

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
    const response = await call(of, async () => {
      reached = true;
      return ok();
    });
    expect(response).toMatchObject({ statusCode, json: { errors: [{ status: String(statusCode) }] } });
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
