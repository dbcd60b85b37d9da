import * as z from "zod";
import type { SendOutcome } from "../../core/notifications/ports.ts";
import type { Clock } from "../../core/shared/ports.ts";

/** The deadline of an attempt with the SDK's own retries, in milliseconds; the same as a webhook's. */
const deadlineMs = 15_000;

/**
 * What the owner of a subscription sees of an error of AWS. Each is a failure of the endpoint, like a status 4xx: the
 * owner can repair a missing permission, a missing queue, a key that refuses, and a limit of the queue.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html#API_SendMessage_Errors
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
 */
const errors: readonly [error: string, codes: RegExp][] = [
  ["access-denied", /^(AccessDenied|NotAuthorizedFor)/],
  ["target-not-found", /^(QueueDoesNotExist|InvalidAddress|ResourceNotFoundException)$|NonExistentQueue$/],
  ["throttled", /Throttl|^(TooManyRequestsException|RequestLimitExceeded|LimitExceededException)$/],
  // Of a customer managed key: its policy does not allow the sender, or the key is disabled or deleted.
  ["key-access-denied", /^(KmsAccessDenied$|KMS\.AccessDenied)/],
  ["key-refused", /^K[Mm][Ss]/],
  ["message-refused", /^(Invalid(MessageContents|Parameter|Argument)|MalformedDetail|ValidationException|Unsupported)/],
  ["timeout", /^(TimeoutError|AbortError)$/],
];

const awsError = z.object({
  name: z.string(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
});

/** The response of AWS to a message that it has accepted or refused. */
export interface AwsAnswer {
  statusCode: number | undefined;
  /** The code with which it refuses the message. */
  refused?: string | undefined;
}

/**
 * Makes one attempt at a queue or event bus.
 *
 * @param call sends the event, and gives up when the signal fires
 * @throws errors of the tracker's own credentials, and others that are no failure of the endpoint
 */
export async function awsAttempt(
  clock: Clock,
  at: number,
  call: (options: { abortSignal: AbortSignal }) => Promise<AwsAnswer>,
): Promise<SendOutcome> {
  const outcome = (statusCode: number | undefined, error: string | undefined): SendOutcome => ({
    attempt: {
      ...{ at, ms: clock() - at },
      ...(statusCode === undefined ? {} : { statusCode }),
      ...(error === undefined ? {} : { error }),
    },
    ...{ delivered: error === undefined, retryAfterMs: undefined, response: "" },
  });
  try {
    const { statusCode, refused } = await call({ abortSignal: AbortSignal.timeout(deadlineMs) });
    return outcome(statusCode, refused === undefined ? undefined : "message-refused");
  } catch (error) {
    const { data } = awsError.safeParse(error);
    const statusCode = data?.$metadata?.httpStatusCode;
    const known = data && errors.find(([, codes]) => codes.test(data.name));
    if (known !== undefined) return outcome(statusCode, known[0]);
    if (statusCode !== undefined && statusCode >= 500) return outcome(statusCode, "aws-failed");
    throw error;
  }
}
