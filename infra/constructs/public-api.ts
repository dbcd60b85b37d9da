import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  type CfnStage,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { type RemovalPolicy, Stack, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

/** What an access log line holds. Never a header: they carry API keys and signatures. */
const accessLog = {
  requestId: "$context.requestId",
  requestTime: "$context.requestTime",
  sourceIp: "$context.identity.sourceIp",
  userAgent: "$context.identity.userAgent",
  method: "$context.httpMethod",
  path: "$context.path",
  routeKey: "$context.routeKey",
  status: "$context.status",
  responseLength: "$context.responseLength",
  responseLatency: "$context.responseLatency",
  integrationLatency: "$context.integrationLatency",
  integrationError: "$context.integrationErrorMessage",
};

/** The HTTP API: explicit routes to functions, throttled, every request logged. */
export class PublicApi extends HttpApi {
  /** Where it answers, without a slash at the end. */
  readonly publicUrl: string;
  /** What the DNS name of the API has to be an alias of, if it has one. */
  readonly domainTarget: string | undefined;
  private readonly stage: HttpStage;
  private readonly throttle: { ThrottlingRateLimit: number; ThrottlingBurstLimit: number };

  constructor(
    scope: Construct,
    id: string,
    props: {
      requestsPerSecond: number;
      /** A name of the owner's own for the API, and the certificate for it. */
      domain?: { name: string; certificateArn: string } | undefined;
      logRetention: RetentionDays;
      removalPolicy: RemovalPolicy;
    },
  ) {
    super(scope, id, { apiName: Stack.of(scope).stackName, createDefaultStage: false });
    const { requestsPerSecond: rateLimit, domain, logRetention: retention, removalPolicy } = props;
    const certificate = domain && Certificate.fromCertificateArn(this, "Certificate", domain.certificateArn);
    const domainName =
      domain && certificate && new DomainName(this, "Domain", { domainName: domain.name, certificate });
    this.publicUrl = domain === undefined ? this.apiEndpoint : `https://${domain.name}`;
    this.domainTarget = domainName?.regionalDomainName;
    this.throttle = { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: 2 * rateLimit };
    this.stage = new HttpStage(this, "Stage", {
      httpApi: this,
      autoDeploy: true,
      ...(domainName && { domainMapping: { domainName } }),
      throttle: { rateLimit, burstLimit: 2 * rateLimit },
      accessLogSettings: {
        destination: new LogGroupLogDestination(new LogGroup(this, "AccessLogs", { retention, removalPolicy })),
        format: AccessLogFormat.custom(JSON.stringify(accessLog)),
      },
    });
  }

  /**
   * Sends `routes` to `handler`: `<METHOD> <path>` each, or `$default` for whatever has no route. The other methods of
   * each path come to it, too, by a route `ANY <path>`: it answers HEAD, and 405 to the rest.
   *
   * @param isThrottledAlone whether requests by these routes do not count for the throttle of the stage, nor others for theirs
   */
  route(handler: IFunction, routes: Record<string, true>, { isThrottledAlone = false } = {}): void {
    const integration = new HttpLambdaIntegration(handler.node.id, handler, { scopePermissionToRoute: false });
    // The one permission for all routes has a path in its ARN, which the ARN of $default has not.
    const ofDefault = new HttpLambdaIntegration(`${handler.node.id}Default`, handler);
    for (const route of [...Object.keys(routes), ...othersOf(routes)]) {
      const added = new HttpRoute(this, route.replaceAll("/", " "), {
        httpApi: this,
        routeKey: routeKey(route),
        integration: route === "$default" ? ofDefault : integration,
      });
      if (isThrottledAlone && route in routes) this.throttleAlone(route, added);
    }
    Validations.of(this).acknowledge({
      id: "AwsSolutions::AwsSolutions-APIG4",
      reason:
        "The functions check API keys, their scopes and Kard's signature themselves: an authorizer's cache ignores scopes, " +
        "and its refusals cannot have Kard's shape.",
    });
  }

  /** AWS refuses settings of a route that does not exist yet ("Unable to find Route by key"). */
  private throttleAlone(key: string, route: HttpRoute): void {
    const stage = this.stage.node.defaultChild as CfnStage;
    stage.routeSettings = { ...stage.routeSettings, [key]: this.throttle };
    this.stage.node.addDependency(route);
  }
}

/** AWS, "Create routes for HTTP APIs": ANY matches all methods that are not defined for a path. */
function othersOf(routes: Record<string, true>): Set<string> {
  const paths = Object.keys(routes).flatMap((route) => route.split(" ")[1] ?? []);
  return new Set(paths.map((path) => `ANY ${path}`));
}

function routeKey(route: string): HttpRouteKey {
  if (route === "$default") return HttpRouteKey.DEFAULT;
  const [method, path = ""] = route.split(" ");
  const known = Object.values(HttpMethod).find((name) => name === method);
  if (known === undefined) throw new Error(`The route ${route} has no known method.`);
  return HttpRouteKey.with(path, known);
}
