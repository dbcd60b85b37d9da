import type { IncomingHttpHeaders } from "node:http";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import * as z from "zod";

/** A request with API Gateway's request context. */
export interface ProxiedRequest {
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  readonly rawQuery: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly at: Date;
  readonly requestId: string;
  readonly apiId: string;
  readonly account: string;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

/**
 * The content types of bodies that arrive as text. Any other body, also one without a content type, arrives in base64
 * (observed on AWS).
 */
const textTypes = /^(text\/.*|application\/(json|xml|javascript))$/;

/**
 * The function's event. Source: AWS, API Gateway payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function proxyEvent(request: ProxiedRequest): APIGatewayProxyEventV2 {
  const { method, path, rawQuery, body, at, requestId, apiId, routeKey, pathParameters } = request;
  const { cookie, connection, "keep-alive": _, "transfer-encoding": __, ...others } = request.headers;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(others)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(",") : value;
  }
  headers["x-amzn-trace-id"] ??=
    `Root=1-${Math.floor(at.getTime() / 1000).toString(16)}-${requestId.replaceAll("-", "").slice(0, 24)}`;
  headers["x-forwarded-for"] ??= request.sourceIp;
  headers["x-forwarded-port"] ??= headers.host?.split(":")[1] ?? "80";
  headers["x-forwarded-proto"] ??= "http";
  // In the function's JSON event, `__proto__` is an ordinary name.
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
  }
  const text =
    textTypes.test((headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "") && isUtf8(body);
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: rawQuery,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/;\s*/) }),
    headers,
    ...(rawQuery === "" ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: request.account,
      apiId,
      domainName: headers.host ?? "",
      domainPrefix: apiId,
      http: {
        method,
        path,
        protocol: "HTTP/1.1",
        sourceIp: request.sourceIp,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId,
      routeKey,
      stage: "$default",
      time: clfTime(at),
      timeEpoch: at.getTime(),
    },
    ...(body.length === 0 ? {} : { body: body.toString(text ? "utf8" : "base64") }),
    ...(pathParameters === undefined ? {} : { pathParameters }),
    isBase64Encoded: body.length > 0 && !text,
  };
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString("utf8")).equals(bytes);
}

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `12/Mar/2020:19:03:58 +0000`. */
function clfTime(at: Date): string {
  const [date = "", time = ""] = at.toISOString().split("T");
  const [year, month, day] = date.split("-");
  return `${day}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}

export interface ProxiedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

const responseSchema = z.object({
  statusCode: z.coerce.number().int().min(200).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  body: z.string().nullish(),
  cookies: z.array(z.string()).nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/**
 * Reads a function's result (JSON): a response of format 2.0, or the body itself if there is no status code.
 * @returns undefined for a malformed response.
 */
export function proxyResponse(payload: string): ProxiedResponse | undefined {
  const result: unknown = JSON.parse(payload);
  if (typeof result !== "object" || result === null || !("statusCode" in result)) {
    const body = typeof result === "string" ? result : payload;
    return { status: 200, headers: { "content-type": "application/json" }, body: Buffer.from(body) };
  }
  const response = responseSchema.safeParse(result).data;
  if (response === undefined) return undefined;
  const headers: Record<string, string | string[]> = { "content-type": "text/plain;charset=UTF-8" };
  for (const [name, value] of Object.entries(response.headers ?? {})) headers[name.toLowerCase()] = String(value);
  if ((response.cookies ?? []).length > 0) headers["set-cookie"] = response.cookies ?? [];
  const encoding = response.isBase64Encoded === true ? "base64" : "utf8";
  return { status: response.statusCode, headers, body: Buffer.from(response.body ?? "", encoding) };
}
