import { expect, test } from "@jest/globals";
import { resourcesOf, synthesize } from "./synthesize.ts";

const certificateArn = "arn:aws:acm:eu-west-1:111122223333:certificate/1234";
const settingsIn = (context: Record<string, unknown>) =>
  resourcesOf(synthesize(context), "AWS::ApiGatewayV2::Stage")[0]?.[1].RouteSettings;

test("routes that anyone may call, and Kard's pushes, are throttled apart from the others", () => {
  const anonymous = { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 };
  expect(settingsIn({})).toEqual({
    "GET /health": anonymous,
    "GET /v2/ping": anonymous,
    "GET /console": anonymous,
    "GET /openapi.json": anonymous,
    "ANY /health": anonymous,
    "ANY /v2/ping": anonymous,
    "ANY /console": anonymous,
    "ANY /openapi.json": anonymous,
    $default: anonymous,
    "POST /kard/{organizationId}/notifications": { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
  });
  expect(settingsIn({ anonymousRequestsPerSecond: 1, pushRequestsPerSecond: "7" })).toMatchObject({
    "GET /health": { ThrottlingRateLimit: 1 },
    "POST /kard/{organizationId}/notifications": { ThrottlingRateLimit: 7 },
  });
});

test("the stage is made after each route that it has settings for", () => {
  const template = synthesize();
  const routes = resourcesOf(template, "AWS::ApiGatewayV2::Route");
  const [stage] = Object.values(template.findResources("AWS::ApiGatewayV2::Stage"));
  for (const routeKey of Object.keys(settingsIn({}) as object)) {
    const [id] = routes.find(([, { RouteKey }]) => RouteKey === routeKey) ?? [];
    expect(stage?.DependsOn).toContain(id);
  }
});

test("beside a domain of the owner's own, AWS's own address does not answer", () => {
  const disabled = (context: Record<string, unknown>) =>
    resourcesOf(synthesize(context), "AWS::ApiGatewayV2::Api").map(([, api]) => api.DisableExecuteApiEndpoint);
  expect(disabled({ domainName: "audits.example.com", certificateArn })).toEqual([true]);
  expect(disabled({})).toEqual([undefined]);
});

test("the functions behind the API ask for the secret of the owner's own front where there is one", () => {
  const askedBy = (context: Record<string, unknown>) =>
    resourcesOf(synthesize(context), "AWS::Lambda::Function").flatMap(([id, { Environment }]) => {
      const { ORIGIN_SECRET_SHA256: hash } = (Environment as { Variables: Record<string, unknown> }).Variables;
      return hash === undefined ? [] : [[id.replace(/[0-9A-F]{8}$/, ""), hash]];
    });
  const hash = "0".repeat(64);
  expect(askedBy({ originSecretSha256: hash })).toEqual([
    ["AuditsApi", hash],
    ["SubscriptionsApi", hash],
    ["KardWebhook", hash],
  ]);
  expect(askedBy({})).toEqual([]);
  expect(() => synthesize({ originSecretSha256: "secret" })).toThrow("must be a SHA-256");
});

test("the functions behind the API have concurrency of their own only where the configuration says so", () => {
  const reserved = (context: Record<string, unknown>) =>
    resourcesOf(synthesize(context), "AWS::Lambda::Function")
      .filter(([, { ReservedConcurrentExecutions: of }]) => of !== undefined)
      .map(([id, { ReservedConcurrentExecutions: of }]) => [id.replace(/[0-9A-F]{8}$/, ""), of]);
  expect(reserved({})).toEqual([]);
  expect(reserved({ apiConcurrency: 50 })).toEqual([
    ["AuditsApi", 50],
    ["SubscriptionsApi", 50],
    ["KardWebhook", 50],
  ]);
});
