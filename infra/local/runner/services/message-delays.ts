import * as z from "zod";
import { type AwsRequest, type AwsResponse, errorResponse, jsonResponse } from "../protocol/aws-request.ts";

const batch = z.looseObject({
  Entries: z.array(z.looseObject({ Id: z.string(), DelaySeconds: z.unknown().optional() })),
});
const sent = z.object({ Successful: z.array(z.unknown()).default([]), Failed: z.array(z.unknown()).default([]) });

const code = "InvalidParameterValue";

/**
 * Forwards a call to fauxqs, which accepts any `DelaySeconds`. SQS refuses more than 900, in a batch for each entry
 * (observed, https://github.com/getmoto/moto/issues/5372). It cannot read a fraction as its integer, so the whole call
 * fails (https://github.com/php-enqueue/enqueue-dev/issues/1267).
 */
export async function withCheckedDelays(
  request: AwsRequest,
  forward: (request: AwsRequest) => Promise<AwsResponse>,
): Promise<AwsResponse> {
  const { action, input } = request;
  if (action === "SendMessage") return refusalOf(input.DelaySeconds) ?? forward(request);
  const entries = action === "SendMessageBatch" ? batch.safeParse(input).data?.Entries : undefined;
  if (entries === undefined) return forward(request);
  if (entries.some(({ DelaySeconds }) => isFraction(DelaySeconds))) return unreadable();

  const failed = entries.flatMap(({ Id, DelaySeconds }) => {
    const Message = problemOf(DelaySeconds);
    return Message === undefined ? [] : { Id, SenderFault: true, Code: code, Message };
  });
  if (failed.length === 0) return forward(request);
  const others = entries.filter(({ DelaySeconds }) => problemOf(DelaySeconds) === undefined);
  if (others.length === 0) return jsonResponse({ Successful: [], Failed: failed });
  const allowed = { ...input, Entries: others };
  const response = await forward({ ...request, input: allowed, body: Buffer.from(JSON.stringify(allowed)) });
  if (response.status >= 300) return response;
  const { Successful, Failed } = sent.parse(JSON.parse(response.body.toString("utf8")));
  return jsonResponse({ Successful, Failed: [...Failed, ...failed] });
}

function refusalOf(delay: unknown): AwsResponse | undefined {
  if (isFraction(delay)) return unreadable();
  const problem = problemOf(delay);
  return problem === undefined ? undefined : errorResponse(`com.amazonaws.sqs#${code}`, problem);
}

function isFraction(delay: unknown): boolean {
  return typeof delay === "number" && !Number.isInteger(delay);
}

function unreadable(): AwsResponse {
  return errorResponse("com.amazon.coral.service#SerializationException", "DelaySeconds is not an integer");
}

function problemOf(delay: unknown): string | undefined {
  const seconds = Number(delay ?? 0);
  if (seconds >= 0 && seconds <= 900) return undefined;
  return `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`;
}
