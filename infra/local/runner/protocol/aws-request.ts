import type { IncomingHttpHeaders } from "node:http";

export type AwsService = "dynamodb" | "sqs" | "secretsmanager";

/** One call of an AWS API in the JSON protocols (AWS JSON 1.0 and 1.1). */
export interface AwsRequest {
  readonly service: AwsService;
  readonly action: string;
  readonly target: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** `X-Amzn-Trace-Id`, which the SDK sends from within a function. */
  readonly traceHeader?: string | undefined;
  /** The bytes of `input`. */
  readonly body: Buffer;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const services: Readonly<Record<string, AwsService>> = {
  DynamoDB_20120810: "dynamodb",
  AmazonSQS: "sqs",
  secretsmanager: "secretsmanager",
};

/** Reads a call from its `X-Amz-Target` header and body; undefined for unknown services and malformed calls. */
export function readAwsRequest(headers: IncomingHttpHeaders, body: Buffer): AwsRequest | undefined {
  const target = headers["x-amz-target"];
  if (typeof target !== "string") return undefined;
  const [prefix = "", action = ""] = target.split(".");
  const service = services[prefix];
  if (service === undefined || action === "") return undefined;
  try {
    const input: unknown = JSON.parse(body.toString("utf8") || "{}");
    if (typeof input !== "object" || input === null) return undefined;
    const traceHeader = headers["x-amzn-trace-id"];
    return {
      ...{ service, action, target, body, input: { ...input } },
      traceHeader: typeof traceHeader === "string" ? traceHeader : undefined,
    };
  } catch {
    return undefined;
  }
}

/** The access key id of a Signature Version 4 header. Does not check the signature. */
export function accessKeyIdOf(headers: IncomingHttpHeaders): string | undefined {
  return /Credential=([^/,\s]+)\//.exec(headers.authorization ?? "")?.[1];
}

export function jsonResponse(content: unknown, status = 200): AwsResponse {
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: Buffer.from(JSON.stringify(content)),
  };
}

/** An error response of the AWS JSON protocols. AWS uses both spellings of `message`. */
export function errorResponse(type: string, message: string, status = 400): AwsResponse {
  return jsonResponse({ __type: type, message, Message: message }, status);
}

/** The error type of a response, without its namespace; undefined for a success. */
export function errorTypeOf(response: AwsResponse): string | undefined {
  if (response.status < 300) return undefined;
  const type = /"__type"\s*:\s*"([^"]+)"/.exec(response.body.toString("utf8"))?.[1];
  return type?.split("#").at(-1) ?? `HTTP ${response.status}`;
}
