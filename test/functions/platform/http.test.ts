import { setImmediate } from "node:timers/promises";
import { expect, jest, test } from "@jest/globals";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { runInBackground } from "../../../functions/platform/background-work.ts";
import type { HttpRequest } from "../../../functions/platform/http.ts";
import { HttpError, httpError } from "../../../functions/platform/http-error.ts";
import { logger } from "../../../functions/platform/logger.ts";
import { anEvent, call, guarded, ok } from "./api-gateway-call.ts";

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
  const response = await call(anEventBy(method, path), ok);
  expect(response).toMatchObject({ statusCode: 405, headers: { allow }, json: { errors: [{ status: "405" }] } });
});

test("a 405 has the error format of the path", async () => {
  const response = await call(anEventBy("DELETE", "/open"), ok, (statusCode) => `refused: ${statusCode}`);
  expect(response).toMatchObject({ statusCode: 405, json: "refused: 405" });
});

test("HEAD is answered as GET, with GET's authentication", async () => {
  expect(await call(anEventBy("HEAD", "/open"), ok)).toMatchObject({ statusCode: 200 });
  const guardedEvent = anEventBy("HEAD", "/v2/issuers/{organizationId}/things");
  expect(await call(guardedEvent, ok)).toMatchObject({ statusCode: 401 });
  expect(await call({ ...guardedEvent, headers: { authorization: "Bearer reader" } }, ok)).toMatchObject({
    statusCode: 200,
  });
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

test("background work ends before the response, and its failure is only logged", async () => {
  const warned = jest.spyOn(logger, "warn").mockReturnValue();
  const ended: string[] = [];
  const response = await call(anEvent(), async () => {
    runInBackground(setImmediate().then(() => ended.push("slow")));
    runInBackground(Promise.reject(new Error("the table is away")));
    return ok();
  });
  expect(response.statusCode).toBe(200);
  expect(ended).toEqual(["slow"]);
  expect(warned).toHaveBeenCalledTimes(1);
});

test("an error that a route throws is the response", async () => {
  const thrown = new HttpError(429, [{ status: "429", title: "Too Many Requests", detail: "slow down" }], {
    "retry-after": "7",
  });
  const response = await call(anEvent(), async () => {
    throw thrown;
  });
  expect(response).toMatchObject({ statusCode: 429, headers: { "retry-after": "7" }, json: { errors: thrown.errors } });
});

test("an unexpected failure is logged, and gives a 500 without details", async () => {
  const logged = jest.spyOn(logger, "error").mockReturnValue();
  const response = await call(anEvent(), async () => {
    throw new TypeError("secret of the house");
  });
  expect(response).toMatchObject({ statusCode: 500, json: { errors: [{ status: "500" }] } });
  expect(response.body).not.toContain("secret");
  expect(logged).toHaveBeenCalledTimes(1);
});

test("errors have the route's format", async () => {
  const refuse = async () => {
    throw httpError(400, "no");
  };
  const response = await call(anEvent(), refuse, (statusCode, errors) => `${statusCode}: ${errors[0]?.detail}`);
  expect(response.json).toBe("400: no");
});
