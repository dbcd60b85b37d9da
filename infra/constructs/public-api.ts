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
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { type RemovalPolicy, Stack, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { ApiDomain } from "../props/api-props.ts";

/** Fields of the access log. It contains no headers, because they carry API keys and signatures. */
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

/** The HTTP API: explicit routes to functions, throttling and an access log. */
export class PublicApi extends HttpApi {
  /** The API's URL, without a trailing slash. */
  readonly publicUrl: string;
  /** Target for the alias record of the custom domain, if there is one. */
  readonly domainTarget: string | undefined;
  readonly accessLogGroup: LogGroup;
  private readonly throttles: Readonly<Record<string, number>>;
  private readonly stage: CfnStage;

  constructor(
    scope: Construct,
    id: string,
    props: {
      /** Throttle of the routes without one of their own. */
      requestsPerSecond: number;
      /** Throttles by route, so a flood on one route does not affect the others. */
      throttles: Readonly<Record<string, number>>;
      domain?: ApiDomain | undefined;
      logRetention: RetentionDays;
      removalPolicy: RemovalPolicy;
      /** Encrypts the access log if everything is encrypted. */
      dataKey: IKey;
      encryptAll: boolean;
    },
  ) {
    const { requestsPerSecond: rateLimit, throttles, domain, logRetention: retention, removalPolicy } = props;
    super(scope, id, {
      apiName: Stack.of(scope).stackName,
      createDefaultStage: false,
      // The default endpoint would bypass a custom domain's firewall and mutual TLS.
      ...(domain && { disableExecuteApiEndpoint: true }),
    });
    const domainName =
      domain &&
      new DomainName(this, "Domain", {
        domainName: domain.domainName,
        certificate: domain.certificate,
        ...(domain.mutualTls && { mtls: domain.mutualTls }),
      });
    this.publicUrl = domain === undefined ? this.apiEndpoint : `https://${domain.domainName}`;
    this.domainTarget = domainName?.regionalDomainName;
    this.accessLogGroup = new LogGroup(this, "AccessLogs", {
      retention,
      removalPolicy,
      ...(props.encryptAll && { encryptionKey: props.dataKey }),
    });
    this.throttles = throttles;
    this.stage = new HttpStage(this, "Stage", {
      httpApi: this,
      autoDeploy: true,
      ...(domainName && { domainMapping: { domainName } }),
      throttle: { rateLimit, burstLimit: 2 * rateLimit },
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLogGroup),
        format: AccessLogFormat.custom(JSON.stringify(accessLog)),
      },
    }).node.defaultChild as CfnStage;
    this.stage.routeSettings = Object.fromEntries(
      Object.entries(throttles).map(([route, each]) => [route, throttle(each)]),
    );
  }

  /**
   * Adds `routes` to `handler`: each `<METHOD> <path>`, or `$default` for requests without a route. A route `ANY
   * <path>` sends the other methods of each path to `handler`, too: it answers HEAD, and 405 for the rest.
   */
  route(handler: IFunction, routes: Record<string, true>): void {
    const integration = new HttpLambdaIntegration(handler.node.id, handler, { scopePermissionToRoute: false });
    // The permission for all routes has a path in its ARN; the ARN of $default has none.
    const ofDefault = new HttpLambdaIntegration(`${handler.node.id}Default`, handler);
    for (const route of [...Object.keys(routes), ...othersOf(routes)]) {
      const made = new HttpRoute(this, route.replaceAll("/", " "), {
        httpApi: this,
        routeKey: routeKey(route),
        integration: route === "$default" ? ofDefault : integration,
      });
      // AWS refuses a stage with settings for a route that does not exist yet: "Unable to find Route by key".
      // https://github.com/terraform-aws-modules/terraform-aws-apigateway-v2/pull/80
      if (route in this.throttles) this.stage.node.addDependency(made);
    }
    Validations.of(this).acknowledge({
      id: "AwsSolutions::AwsSolutions-APIG4",
      reason:
        "The functions check API keys, their scopes and Kard's signature. An authorizer's cache ignores scopes, " +
        "and its refusals cannot have Kard's shape.",
    });
  }
}

/**
 * AWS, "Create routes for HTTP APIs": ANY matches all methods without a route of their own.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
function othersOf(routes: Record<string, true>): Set<string> {
  const paths = Object.keys(routes).flatMap((route) => route.split(" ")[1] ?? []);
  return new Set(paths.map((path) => `ANY ${path}`));
}

/** Spelled as in the API: CloudFormation passes route settings on unchanged. */
const throttle = (rateLimit: number) => ({ ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: 2 * rateLimit });

function routeKey(route: string): HttpRouteKey {
  if (route === "$default") return HttpRouteKey.DEFAULT;
  const [method, path = ""] = route.split(" ");
  const known = Object.values(HttpMethod).find((name) => name === method);
  if (known === undefined) throw new Error(`The route ${route} has an unknown method.`);
  return HttpRouteKey.with(path, known);
}
