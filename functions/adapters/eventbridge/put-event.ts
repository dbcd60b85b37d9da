import { type EventBridgeClient, EventBridgeServiceException, PutEventsCommand } from "@aws-sdk/client-eventbridge";

/** An event for a bus. `at` is epoch milliseconds. */
export interface BusEvent {
  type: string;
  at: number;
  body: string;
}

/** The `source` of all events; rules can match it. */
export const eventSource = "kard-audit-tracker";

/**
 * The errors that EventBridge gives for an event permanently. For AWS, `AccessDeniedException` and the `NotAuthorized…`
 * codes are not retryable either, but a changed policy ends them.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
 */
const permanentCodes: readonly (string | undefined)[] = ["InvalidArgument", "MalformedDetail", "ValidationException"];

/** EventBridge did not accept an event now. The name is its error code, in a response with status 200. */
export class PutEventFailed extends Error {
  constructor(code: string, message: string | undefined) {
    super(`EventBridge did not accept an event: ${code} ${message ?? ""}`.trim());
    this.name = code;
  }
}

/**
 * Puts one event on a bus. `PutEvents` answers 200 also for an entry that failed. EventBridge accepts events for a bus
 * that does not exist (https://github.com/aws/aws-cli/issues/9186), so success does not show that the bus exists.
 *
 * @returns the error code if EventBridge refuses the event permanently
 * @throws PutEventFailed, or the SDK's error, if it did not accept the event now
 */
export async function putEvent(
  client: Pick<EventBridgeClient, "send">,
  busArn: string,
  { type, at, body }: BusEvent,
  options: { abortSignal?: AbortSignal } = {},
): Promise<{ refused?: string }> {
  const entry = { EventBusName: busArn, Source: eventSource, DetailType: type, Detail: body, Time: new Date(at) };
  try {
    const { Entries: [put] = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }), options);
    if (put?.ErrorCode === undefined) return {};
    if (permanentCodes.includes(put.ErrorCode)) return { refused: put.ErrorCode };
    throw new PutEventFailed(put.ErrorCode, put.ErrorMessage);
  } catch (error) {
    if (error instanceof EventBridgeServiceException && permanentCodes.includes(error.name))
      return { refused: error.name };
    throw error;
  }
}
