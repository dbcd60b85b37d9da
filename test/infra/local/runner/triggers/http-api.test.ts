import { beforeAll, expect, test } from "@jest/globals";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { CfnPermission, IFunction } from "aws-cdk-lib/aws-lambda";
import { CfnOutput, Duration } from "aws-cdk-lib/core";
import type { LocalStack } from "../../../../../infra/local/runner/local-stack-type.ts";
import { lambda, synthesize } from "../support/assembly.ts";
import { run } from "../support/running-stack.ts";

const source = `
export const handler = async (event) => {
  if (event.rawPath === "/throw") throw new Error("x");
  if (event.rawPath === "/hang") await new Promise(() => {});
  if (event.rawPath === "/malformed") return { statusCode: 200, body: { a: 1 } };
  if (event.rawPath === "/header") return { statusCode: 200, headers: { "x-a": "a\\nb" } };
  return { statusCode: 202, cookies: ["a=1", "b=2"], headers: { "content-type": "application/json" }, body: JSON.stringify(event) };
};`;

function assembly(build?: (api: HttpApi) => void): string {
  return synthesize((stack) => {
    const fn = lambda(stack, "Fn", source);
    const api = new HttpApi(stack, "Api");
    const integration = new HttpLambdaIntegration("Integration", fn);
    const hasty = new HttpLambdaIntegration("Hasty", fn, { timeout: Duration.millis(100) });
    api.addRoutes({ path: "/hang", methods: [HttpMethod.POST], integration: hasty });
    for (const path of ["/issuers/{id}", "/throw", "/malformed", "/header"]) {
      api.addRoutes({ path, methods: [HttpMethod.POST, HttpMethod.HEAD], integration });
    }
    build?.(api);
    new CfnOutput(stack, "ApiUrl", { value: api.url ?? "" });
    new CfnOutput(stack, "Endpoint", { value: api.apiEndpoint });
  });
}

let assemblyDir: string;
beforeAll(() => {
  assemblyDir = assembly();
});

const post = (stack: LocalStack, path: string, init: RequestInit = {}) =>
  fetch(`${stack.outputs.Endpoint}${path}`, { method: "POST", ...init });

test("converts a request to an event, and the result to a response", async () => {
  const stack = await run(assemblyDir);
  expect(stack.outputs.ApiUrl).toBe(`${stack.outputs.Endpoint}/`);
  const response = await post(stack, "/issuers/a%20b?x=1&x=2", {
    body: "hello",
    headers: { "content-type": "text/plain" },
  });
  expect(response.status).toBe(202);
  expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect(response.headers.get("apigw-requestid")).toMatch(/./);
  expect(await response.json()).toMatchObject({
    version: "2.0",
    routeKey: "POST /issuers/{id}",
    rawPath: "/issuers/a b",
    pathParameters: { id: "a b" },
    queryStringParameters: { x: "1,2" },
    body: "hello",
  });
});

test.each([
  ["a function error", "/throw", {}, 500, "Internal Server Error"],
  ["a malformed response", "/malformed", {}, 500, "Internal Server Error"],
  ["a header that HTTP does not allow", "/header", {}, 500, "Internal Server Error"],
  ["a function that takes too long", "/hang", {}, 503, "Service Unavailable"],
  ["an unknown path", "/nowhere", {}, 404, "Not Found"],
  ["an unknown method", "/throw", { method: "GET" }, 404, "Not Found"],
  ["a path that cannot be decoded", "/issuers/%E0%A4%A", {}, 400, "Bad Request"],
  ["a body above 10 MB", "/issuers/a", { body: "x".repeat(10 * 1024 * 1024 + 1) }, 413, "Request Entity Too Large"],
  ["a URL of 10 KB", `/issuers/a?x=${"x".repeat(10_240)}`, {}, 431, "Request Header Fields Too Large"],
  ["headers of 10 KB", "/issuers/a", { headers: { x: "x".repeat(10_240) } }, 431, "Request Header Fields Too Large"],
  [
    "a body of which the base64 text exceeds 6 MB",
    "/issuers/a",
    { headers: { "content-type": "image/png" }, body: "x".repeat(5 * 1024 * 1024) },
    413,
    "Request Entity Too Large",
  ],
])("%s gets API Gateway's response", async (_, path, init, status, message) => {
  const stack = await run(assemblyDir);
  const response = await post(stack, path, init);
  expect([response.status, await response.json()]).toEqual([status, { message }]);
});

test("requests within the limits of API Gateway and Lambda reach the function", async () => {
  const stack = await run(assemblyDir);
  const long = await post(stack, `/issuers/a?x=${"x".repeat(9_500)}`, { headers: { y: "y".repeat(500) } });
  expect(long.status).toBe(202);
  await long.body?.cancel();
  // The function returns its event, so the response is larger than 6 MB, too, if the request is.
  const headers = { "content-type": "image/png" };
  expect((await post(stack, "/throw", { headers, body: "x".repeat(4 * 1024 * 1024) })).status).toBe(500);
});

test("HEAD has no body", async () => {
  const stack = await run(assemblyDir);
  const response = await post(stack, "/issuers/a", { method: "HEAD" });
  expect([response.status, await response.text()]).toEqual([202, ""]);
});

test("a function without a permission for API Gateway is not invoked", async () => {
  const withoutPermissions = assembly((api) => {
    for (const child of api.node.findAll())
      if (child.node.id.endsWith("-Permission")) child.node.scope?.node.tryRemoveChild(child.node.id);
  });
  const stack = await run(withoutPermissions);
  expect((await post(stack, "/issuers/a")).status).toBe(500);
  expect(stack.violations).toMatchObject([{ message: expect.stringContaining("API Gateway may not invoke") }]);
});

test("an alias is called for its function, by a permission on the alias alone", async () => {
  const assemblyOf = (permitted: "alias" | "function") =>
    synthesize((stack) => {
      const fn = lambda(stack, "Fn", source);
      const alias = fn.addAlias("live") as IFunction;
      const api = new HttpApi(stack, "Api");
      const integration = new HttpLambdaIntegration("Integration", alias);
      api.addRoutes({ path: "/issuers/{id}", methods: [HttpMethod.POST], integration });
      new CfnOutput(stack, "Endpoint", { value: api.apiEndpoint });
      if (permitted === "alias") return;
      for (const child of api.node.findAll()) {
        if (!child.node.id.endsWith("-Permission")) continue;
        (child as CfnPermission).functionName = fn.functionArn;
      }
    });
  expect((await post(await run(assemblyOf("alias")), "/issuers/a")).status).toBe(202);
  expect((await post(await run(assemblyOf("function")), "/issuers/a")).status).toBe(500);
});
