import type { IncomingHttpHeaders } from "node:http";

export type AwsService = "dynamodb" | "events" | "kms" | "secretsmanager" | "sns" | "sqs";

/** One call of an AWS API in the JSON protocols (AWS JSON 1.0 and 1.1), or of SNS in its query protocol. */
export interface AwsRequest {
  readonly service: AwsService;
  readonly action: string;
  readonly target: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The account of the caller, if it is an operator of another account: its id is the access key id then. */
  readonly account?: string | undefined;
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
  AWSEvents: "events",
  secretsmanager: "secretsmanager",
  TrentService: "kms",
};

/** Reads a call from its headers and body; undefined for unknown services and malformed calls. */
export function readAwsRequest(headers: IncomingHttpHeaders, body: Buffer): AwsRequest | undefined {
  return readSnsRequest(headers, body) ?? readJsonRequest(headers, body);
}

/** SNS has only the query protocol: a form with the action and its flattened input. */
function readSnsRequest(headers: IncomingHttpHeaders, body: Buffer): AwsRequest | undefined {
  if (!headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return undefined;
  const { Action: action, Version: version, ...input } = Object.fromEntries(new URLSearchParams(body.toString("utf8")));
  if (action === undefined || version !== snsVersion) return undefined;
  return { service: "sns", action, target: `${snsTarget}${action}`, body, input };
}

/** The version of the API in each call of SNS. */
export const snsVersion = "2010-03-31";

/** Start of the target of a call in the query protocol, which has no target header. */
export const snsTarget = "SNS.";

function readJsonRequest(headers: IncomingHttpHeaders, body: Buffer): AwsRequest | undefined {
  const target = headers["x-amz-target"];
  if (typeof target !== "string") return undefined;
  const [prefix = "", action = ""] = target.split(".");
  const service = services[prefix];
  if (service === undefined || action === "") return undefined;
  try {
    const input: unknown = JSON.parse(body.toString("utf8") || "{}");
    if (typeof input !== "object" || input === null) return undefined;
    const traceHeader = headers["x-amzn-trace-id"];
    const accessKeyId = accessKeyIdOf(headers) ?? "";
    return {
      ...{ service, action, target, body, input: { ...input } },
      ...(/^\d{12}$/.test(accessKeyId) ? { account: accessKeyId } : {}),
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

/** An error response in the protocol of a call. */
export function errorFor({ service }: AwsRequest, type: string, message: string, status = 400): AwsResponse {
  if (service !== "sns") return errorResponse(type, message, status);
  const code = type.split("#").at(-1);
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
  const body = Buffer.from(`<ErrorResponse>${error}<RequestId>local</RequestId></ErrorResponse>`);
  return { status, headers: { "content-type": "text/xml" }, body };
}

function escapeXml(text: string): string {
  return text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The error type of a response, without its namespace; undefined for a success. */
export function errorTypeOf(response: AwsResponse): string | undefined {
  if (response.status < 300) return undefined;
  const text = response.body.toString("utf8");
  const type = /"__type"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? /<Code>([^<]+)<\/Code>/.exec(text)?.[1];
  return type?.split("#").at(-1) ?? `HTTP ${response.status}`;
}
