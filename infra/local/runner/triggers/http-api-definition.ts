import * as z from "zod";
import { glob } from "../iam/policy.ts";
import { type LambdaFunction, unqualified } from "../lambda/lambda-function.ts";
import { ignored } from "../template/parse-template-part.ts";
import type { StackResources } from "../template/stack-resources.ts";
import { StartUpError } from "../template/start-up-error.ts";

// Refuses CORS, authorizers, mutual TLS, parameter mappings and stage variables as unknown keys.
const apiSchema = z.strictObject({
  Name: ignored,
  Description: ignored,
  ProtocolType: z.literal("HTTP"),
  DisableExecuteApiEndpoint: z.literal(false).optional(),
  Tags: ignored,
});
const integrationSchema = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal("AWS_PROXY"),
  IntegrationUri: z.string(),
  IntegrationMethod: ignored,
  PayloadFormatVersion: z.literal("2.0"),
  TimeoutInMillis: z.number().default(30_000),
  Description: ignored,
});
const routeSchema = z.strictObject({
  ApiId: z.string(),
  AuthorizationType: z.literal("NONE").default("NONE"),
  RouteKey: z.string(),
  Target: z.string(),
  OperationName: ignored,
});
const stageSchema = z.strictObject({
  ApiId: z.string(),
  StageName: z.literal("$default"),
  AutoDeploy: z.literal(true),
  AccessLogSettings: ignored,
  DefaultRouteSettings: ignored,
  RouteSettings: z.record(z.string(), z.unknown()).default({}),
  Description: ignored,
  Tags: ignored,
});
const permissionSchema = z.object({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
});

/** A route and its function. */
interface HttpRoute {
  readonly routeKey: string;
  readonly fn: LambdaFunction;
  /** Whether a Lambda permission lets API Gateway invoke the function for this route. */
  readonly permitted: boolean;
  readonly timeoutMs: number;
}

export interface HttpApiDefinition {
  readonly apiId: string;
  readonly account: string;
  readonly routes: readonly HttpRoute[];
}

/**
 * Reads the stack's HTTP API; undefined if the stack has none.
 * @throws StartUpError for a second API, settings that are not modelled, routes without a function, and a stage that
 *   AWS can create before a route that it has settings for.
 */
export function readHttpApi(
  stack: StackResources,
  functions: readonly LambdaFunction[],
): HttpApiDefinition | undefined {
  const [api, second] = stack.ofType("AWS::ApiGatewayV2::Api", apiSchema);
  if (second !== undefined) throw new StartUpError(`${second.id}: only one HTTP API can be run`);
  if (api === undefined) return undefined;
  const [stage] = stack.ofType("AWS::ApiGatewayV2::Stage", stageSchema);
  if (stage === undefined) throw new StartUpError(`${api.id}: the API has no stage`);
  const { account, region, partition } = stack.place;
  const integrations = stack.ofType("AWS::ApiGatewayV2::Integration", integrationSchema);
  const permissions = stack.ofType("AWS::Lambda::Permission", permissionSchema).map(({ properties }) => properties);

  const routeResources = stack.ofType("AWS::ApiGatewayV2::Route", routeSchema);
  for (const routeKey of Object.keys(stage.properties.RouteSettings)) {
    const route = routeResources.find(({ properties }) => properties.RouteKey === routeKey);
    if (route !== undefined && stage.dependsOn.includes(route.id)) continue;
    throw new StartUpError(`${stage.id}: Unable to find Route by key ${routeKey}: the stage must depend on the route`);
  }

  const routes = routeResources.map(({ id, properties }): HttpRoute => {
    const routeKey = properties.RouteKey;
    const integration = integrations.find(({ name }) => properties.Target === `integrations/${name}`);
    const target = integration?.properties.IntegrationUri ?? "";
    const fn = functions.find(({ arn }) => arn === unqualified(target));
    if (integration === undefined || fn === undefined) throw new StartUpError(`${id}: the route leads to no function`);
    const sourceArn = `arn:${partition}:execute-api:${region}:${account}:${api.name}/$default/${routeKey.replace(" /", "/")}`;
    const permitted = permissions.some(
      ({ Action, FunctionName, Principal, SourceArn = "*" }) =>
        ["lambda:InvokeFunction", "lambda:*"].includes(Action) &&
        Principal === "apigateway.amazonaws.com" &&
        (FunctionName === target || (FunctionName === fn.name && target === fn.arn)) &&
        glob(SourceArn).test(sourceArn),
    );
    return { routeKey, fn, permitted, timeoutMs: integration.properties.TimeoutInMillis };
  });
  return { apiId: api.name, account, routes };
}
