import type { AwsResponse } from "./aws-request.ts";
import { errorTypeOf, snsTarget } from "./aws-request.ts";

/** An error response of an AWS call. `type` is the error's name without namespace. */
export class AwsCallError extends Error {
  override readonly name = "AwsCallError";
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** Headers of a call in the protocol of its target. The signature is a dummy: the proxy does not check it. */
export function signedHeaders(target: string, accessKeyId: string, region: string): Record<string, string> {
  return {
    ...(target.startsWith(snsTarget)
      ? { "content-type": "application/x-www-form-urlencoded" }
      : { "content-type": "application/x-amz-json-1.0", "x-amz-target": target }),
    "x-amz-date": "20260101T000000Z",
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/local/aws4_request, SignedHeaders=host, Signature=0`,
  };
}

/**
 * Makes one call and parses the response.
 * @throws AwsCallError for an error response.
 */
export async function callAws(
  send: (target: string, body: string, signal?: AbortSignal) => Promise<AwsResponse>,
  target: string,
  input: object,
  signal?: AbortSignal,
): Promise<unknown> {
  const response = await send(target, JSON.stringify(input), signal);
  const type = errorTypeOf(response);
  if (type !== undefined) throw new AwsCallError(type, `${target}: ${response.body.toString("utf8")}`);
  return JSON.parse(response.body.toString("utf8") || "{}");
}
