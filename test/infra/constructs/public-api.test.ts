import { describe, expect, test } from "@jest/globals";
import { Capture, Match } from "aws-cdk-lib/assertions";
import { auditsApiRoutes } from "../../../functions/audits-api/routes.ts";
import { kardWebhookRoutes } from "../../../functions/kard-webhook/routes.ts";
import { subscriptionsApiRoutes } from "../../../functions/subscriptions-api/routes.ts";
import { resourcesOf, synthesize } from "../support/synthesize.ts";

const template = synthesize();

describe("the API", () => {
  const integrations = new Map(
    resourcesOf(template, "AWS::ApiGatewayV2::Integration").map(([id, { IntegrationUri }]) => [id, IntegrationUri]),
  );
  const routes = resourcesOf(template, "AWS::ApiGatewayV2::Route").map(([, { RouteKey, Target }]) => {
    const [, id] = JSON.stringify(Target).match(/"Ref":"(\w+)"/) ?? [];
    return { route: RouteKey, target: JSON.stringify(integrations.get(id ?? "")) };
  });

  test.each([
    ["AuditsApi", auditsApiRoutes],
    ["SubscriptionsApi", subscriptionsApiRoutes],
    ["KardWebhook", kardWebhookRoutes],
  ])("sends %s exactly its declared routes", (name, table) => {
    const mine = routes.filter(({ target }) => target.includes(`"${name}`)).map(({ route }) => route);
    const others = Object.keys(table).flatMap((route) => route.split(" ")[1] ?? []);
    const expected = new Set([...Object.keys(table), ...others.map((path) => `ANY ${path}`)]);
    expect(mine.sort()).toEqual([...expected].sort());
  });

  test("throttles Kard's pushes separately, after their route exists", () => {
    const [id] = Object.keys(
      template.findResources("AWS::ApiGatewayV2::Route", {
        Properties: { RouteKey: "POST /kard/{organizationId}/notifications" },
      }),
    );
    template.hasResource("AWS::ApiGatewayV2::Stage", {
      Properties: {
        RouteSettings: {
          "POST /kard/{organizationId}/notifications": { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
        },
      },
      DependsOn: Match.arrayWith([id]),
    });
  });

  test("has a throttle and a JSON access log without headers", () => {
    const format = new Capture();
    template.hasResourceProperties("AWS::ApiGatewayV2::Stage", {
      StageName: "$default",
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
      AccessLogSettings: { Format: format },
    });
    synthesize({ apiRequestsPerSecond: 20 }).hasResourceProperties("AWS::ApiGatewayV2::Stage", {
      DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
    });
    const line = format.asString();
    expect(JSON.parse(line)).toMatchObject({ requestId: "$context.requestId", status: "$context.status" });
    expect(line).not.toMatch(/header|authorizer/i);
  });
});

test("a custom domain maps to the API and is in the outputs", () => {
  const certificateArn = "arn:aws:acm:eu-west-1:111122223333:certificate/1234";
  const named = synthesize({ domainName: "audits.example.com", certificateArn });
  named.hasResourceProperties("AWS::ApiGatewayV2::DomainName", {
    DomainName: "audits.example.com",
    DomainNameConfigurations: [Match.objectLike({ CertificateArn: certificateArn, EndpointType: "REGIONAL" })],
  });
  named.hasResourceProperties("AWS::ApiGatewayV2::DomainName", { MutualTlsAuthentication: Match.absent() });
  named.hasResourceProperties("AWS::ApiGatewayV2::ApiMapping", { Stage: "$default" });
  named.hasOutput("ApiUrl", { Value: "https://audits.example.com" });
  named.hasOutput("DomainTarget", { Value: { "Fn::GetAtt": [Match.anyValue(), "RegionalDomainName"] } });
});
const certificateArn = "arn:aws:acm:eu-west-1:111122223333:certificate/1234";

test("callers of a custom domain present a client certificate, if the configuration names their authorities", () => {
  const mutualTls = '{"bucket":"trust","key":"authorities.pem","version":"7"}';
  synthesize({ domainName: "audits.example.com", certificateArn, mutualTls }).hasResourceProperties(
    "AWS::ApiGatewayV2::DomainName",
    { MutualTlsAuthentication: { TruststoreUri: "s3://trust/authorities.pem", TruststoreVersion: "7" } },
  );
});

const settingsIn = (context: Record<string, unknown>) =>
  resourcesOf(synthesize(context), "AWS::ApiGatewayV2::Stage")[0]?.[1].RouteSettings;

test("every route has its own throttle: a flood without a key on one does not block another", () => {
  const keyed = { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 };
  const anonymous = { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 };
  const routes = Object.keys({ ...auditsApiRoutes, ...subscriptionsApiRoutes });
  expect(routes).toContain("POST /v2/auth/token");
  expect(settingsIn({})).toEqual({
    ...Object.fromEntries(routes.map((route) => [route, keyed])),
    "GET /health": anonymous,
    "GET /v2/ping": anonymous,
    "GET /console": anonymous,
    "GET /console/{file}": anonymous,
    "GET /openapi.json": anonymous,
    "ANY /health": anonymous,
    "ANY /v2/ping": anonymous,
    "ANY /console": anonymous,
    "ANY /console/{file}": anonymous,
    "ANY /openapi.json": anonymous,
    $default: anonymous,
    "POST /kard/{organizationId}/notifications": { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
  });
  const rates = { apiRequestsPerSecond: 100, anonymousRequestsPerSecond: 1, pushRequestsPerSecond: "7" };
  expect(settingsIn(rates)).toMatchObject({
    "POST /v2/auth/token": { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
    "GET /health": { ThrottlingRateLimit: 1 },
    "POST /kard/{organizationId}/notifications": { ThrottlingRateLimit: 7 },
  });
});

test("the stage depends on each route that it has settings for", () => {
  const template = synthesize();
  const routes = resourcesOf(template, "AWS::ApiGatewayV2::Route");
  const [stage] = Object.values(template.findResources("AWS::ApiGatewayV2::Stage"));
  for (const routeKey of Object.keys(settingsIn({}) as object)) {
    const [id] = routes.find(([, { RouteKey }]) => RouteKey === routeKey) ?? [];
    expect(stage?.DependsOn).toContain(id);
  }
});

test("a custom domain disables the default endpoint", () => {
  const disabled = (context: Record<string, unknown>) =>
    resourcesOf(synthesize(context), "AWS::ApiGatewayV2::Api").map(([, api]) => api.DisableExecuteApiEndpoint);
  expect(disabled({ domainName: "audits.example.com", certificateArn })).toEqual([true]);
  expect(disabled({})).toEqual([undefined]);
});
