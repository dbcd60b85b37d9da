import {
  BatchRequestTooLong,
  InvalidMessageContents,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Refusal } from "../../core/notifications/ports.ts";

const entriesPerBatch = 10;
const maxTries = 2;

export type Entry = Omit<SendMessageBatchRequestEntry, "Id">;

/**
 * The errors that SQS gives for a message permanently: invalid characters, or a size above the queue's maximum
 * (https://github.com/localstack/localstack/issues/8570 shows AWS's response). Other sender faults, such as those of a
 * KMS key, can be fixed.
 */
const permanentCodes: readonly (string | undefined)[] = ["InvalidMessageContents", "InvalidParameterValue"];

/**
 * Sends messages, ten per call. SQS may answer 200 although some messages of a batch failed; those are sent once more.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 *
 * @returns the messages that SQS refuses permanently
 * @throws Error if others were not sent
 */
export async function sendAll(client: SQSClient, queueUrl: string, entries: readonly Entry[]): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  const positions = [...entries.keys()];
  for (let first = 0; first < entries.length; first += entriesPerBatch) {
    let batch = positions.slice(first, first + entriesPerBatch);
    for (let tries = 1; batch.length > 0; tries++) {
      const failed = await sendBatch(client, queueUrl, entries, batch);
      refusals.push(...failed.filter(({ code }) => permanentCodes.includes(code)));
      const rest = failed.filter(({ code }) => !permanentCodes.includes(code));
      if (rest.length > 0 && tries === maxTries) {
        throw new Error(`SQS did not accept ${rest.length} messages: ${rest[0]?.code}`);
      }
      batch = rest.map(({ position }) => position);
    }
  }
  return refusals;
}

async function sendBatch(
  client: SQSClient,
  queueUrl: string,
  entries: readonly Entry[],
  positions: readonly number[],
): Promise<Refusal[]> {
  const batch = positions.flatMap((position): SendMessageBatchRequestEntry[] => {
    const entry = entries[position];
    return entry === undefined ? [] : [{ ...entry, Id: String(position) }];
  });
  try {
    const { Failed: failed = [] } = await client.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: batch }),
    );
    return failed.map(({ Id: id, Code: code = "unknown" }) => ({ position: Number(id), code }));
  } catch (error) {
    if (!(error instanceof BatchRequestTooLong || error instanceof InvalidMessageContents)) throw error;
    // The limit of 1 MiB applies to the batch and to a message, so each message may fit by itself.
    const [position, ...others] = positions;
    if (position === undefined) throw error;
    if (others.length === 0) return [{ position, code: "InvalidParameterValue" }];
    const refusals: Refusal[] = [];
    for (const each of positions) refusals.push(...(await sendBatch(client, queueUrl, entries, [each])));
    return refusals;
  }
}
