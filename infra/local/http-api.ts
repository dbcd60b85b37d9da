import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { type ProxiedResponse, proxyEvent, proxyResponse } from "./http-payload.ts";
import { createRouter } from "./http-routes.ts";
import { readBody } from "./http-server.ts";
import { glob } from "./iam-policy.ts";
import type { LambdaFunction } from "./lambda.ts";
import { irrelevant } from "./parse-or-refuse.ts";
import type { StackResources } from "./stack-resources.ts";
import { StartUpError } from "./startup-error.ts";

// CORS, authorizers, mutual TLS, parameter mappings and stage variables are unknown keys, and refused.
const apiSchema = z.strictObject({
  Name: irrelevant,
  Description: irrelevant,
  ProtocolType: z.literal("HTTP"),
  DisableExecuteApiEndpoint: z.literal(false).optional(),
  Tags: irrelevant,
});
const integrationSchema = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal("AWS_PROXY"),
  IntegrationUri: z.string(),
  IntegrationMethod: irrelevant,
  PayloadFormatVersion: z.literal("2.0"),
  TimeoutInMillis: z.number().default(30_000),
  Description: irrelevant,
});
const routeSchema = z.strictObject({
  ApiId: z.string(),
  AuthorizationType: z.literal("NONE").default("NONE"),
  RouteKey: z.string(),
  Target: z.string(),
  OperationName: irrelevant,
});
const stageSchema = z.strictObject({
  ApiId: z.string(),
  StageName: z.literal("$default"),
  AutoDeploy: z.literal(true),
  AccessLogSettings: irrelevant,
  DefaultRouteSettings: irrelevant,
  RouteSettings: irrelevant,
  Description: irrelevant,
  Tags: irrelevant,
});
const permissionSchema = z.object({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
});

/** AWS: quotas for HTTP APIs. */
const bodyLimit = 10 * 1024 * 1024;
/** AWS: Lambda quotas, synchronous response. */
const payloadLimit = 6 * 1024 * 1024;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The stack's HTTP API, as a handler for a local server; undefined if the stack has none.
 * @param onRefused hears of a route whose function API Gateway may not invoke.
 * @throws StartUpError for a second API and for settings that are not modelled.
 */
export function createHttpApi(
  stack: StackResources,
  functions: readonly LambdaFunction[],
  onRefused: (functionName: string, message: string) => void,
): Handler | undefined {
  const [api, second] = stack.ofType("AWS::ApiGatewayV2::Api", apiSchema);
  if (second !== undefined) throw new StartUpError(`${second.id}: only one HTTP API can be run`);
  if (api === undefined) return undefined;
  const [stage] = stack.ofType("AWS::ApiGatewayV2::Stage", stageSchema);
  if (stage === undefined) throw new StartUpError(`${api.id}: the API has no stage`);
  const { account, region, partition } = stack.place;
  const integrations = stack.ofType("AWS::ApiGatewayV2::Integration", integrationSchema);
  const permissions = stack.ofType("AWS::Lambda::Permission", permissionSchema).map(({ properties }) => properties);

  const routes = stack.ofType("AWS::ApiGatewayV2::Route", routeSchema).map(({ id, properties }) => {
    const routeKey = properties.RouteKey;
    const integration = integrations.find(({ name }) => properties.Target === `integrations/${name}`);
    const fn = functions.find(({ arn }) => arn === integration?.properties.IntegrationUri);
    if (integration === undefined || fn === undefined) throw new StartUpError(`${id}: the route leads to no function`);
    const sourceArn = `arn:${partition}:execute-api:${region}:${account}:${api.name}/$default/${routeKey.replace(" /", "/")}`;
    const permitted = permissions.some(
      ({ Action, FunctionName, Principal, SourceArn = "*" }) =>
        [Action, "lambda:*"].includes("lambda:InvokeFunction") &&
        Principal === "apigateway.amazonaws.com" &&
        [fn.arn, fn.name].includes(FunctionName) &&
        glob(SourceArn).test(sourceArn),
    );
    return { routeKey, fn, permitted, timeoutMs: integration.properties.TimeoutInMillis };
  });
  const findRoute = createRouter(routes);

  async function answer(request: IncomingMessage, at: Date, requestId: string): Promise<ProxiedResponse> {
    const method = request.method ?? "GET";
    const [rawPath = "/", ...rest] = (request.url ?? "/").split("?");
    const match = decodable(rawPath) ? findRoute(method, rawPath) : undefined;
    if (!decodable(rawPath)) return message(400, "Bad Request");
    if (match === undefined) return message(404, "Not Found");
    const { fn, permitted, routeKey, timeoutMs } = match.route;
    const body = await readBody(request, bodyLimit);
    if (body === undefined) return message(413, "Request Entity Too Large");
    if (!permitted) {
      onRefused(fn.name, `API Gateway may not invoke ${fn.name} for ${routeKey}: no Lambda permission allows it`);
      return message(500, "Internal Server Error");
    }
    const event = proxyEvent({
      ...{
        method,
        rawPath,
        rawQuery: rest.join("?"),
        headers: request.headers,
        body,
        at,
        requestId,
        routeKey,
        account,
      },
      ...{ sourceIp: request.socket.remoteAddress ?? "127.0.0.1", apiId: api?.name ?? "" },
      pathParameters: match.pathParameters,
    });
    const outcome = await withTimeout(fn.invoke(event), timeoutMs);
    if (outcome === "timeout" || outcome.status === "throttled") return message(503, "Service Unavailable");
    if (outcome.status === "failed" || Buffer.byteLength(outcome.payload) > payloadLimit) {
      return message(500, "Internal Server Error");
    }
    return proxyResponse(outcome.payload) ?? message(500, "Internal Server Error");
  }

  return (request, response) => {
    const requestId = randomUUID();
    function send({ status, headers, body }: ProxiedResponse) {
      if (response.destroyed) return;
      // What is left of a body that was refused is not read: the connection must not be used again.
      if (!request.complete) response.setHeader("connection", "close");
      const length = [204, 304].includes(status) ? {} : { "content-length": body.length };
      response.writeHead(status, { ...headers, ...length, "apigw-requestid": requestId });
      response.end(request.method === "HEAD" ? undefined : body);
    }
    answer(request, new Date(), requestId)
      .then(send)
      .catch(() => send(message(500, "Internal Server Error")));
  };
}

function message(status: number, text: string): ProxiedResponse {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify({ message: text })),
  };
}

function decodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

async function withTimeout<Value>(promise: Promise<Value>, ms: number): Promise<Value | "timeout"> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<"timeout">((resolve) => {
    timer = setTimeout(() => resolve("timeout"), ms);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
