import * as z from "zod";
import { callAws } from "../protocol/aws-client.ts";
import { type AwsRequest, type AwsResponse, jsonResponse } from "../protocol/aws-request.ts";
import { ignored } from "../template/parse-template-part.ts";
import type { Place } from "../template/resource-kinds.ts";
import type { Resource, StackResources } from "../template/stack-resources.ts";
import type { Emulator } from "./emulator.ts";

const queueSchema = z.strictObject({
  QueueName: z.string().optional(),
  FifoQueue: z.boolean().optional(),
  ContentBasedDeduplication: z.boolean().optional(),
  DeduplicationScope: z.string().optional(),
  FifoThroughputLimit: z.string().optional(),
  DelaySeconds: z.number().optional(),
  MaximumMessageSize: z.number().optional(),
  MessageRetentionPeriod: z.number().optional(),
  ReceiveMessageWaitTimeSeconds: z.number().optional(),
  VisibilityTimeout: z.number().default(30),
  RedrivePolicy: z
    .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number().int() })
    .optional(),
  RedriveAllowPolicy: ignored,
  KmsMasterKeyId: z.string().optional(),
  KmsDataKeyReusePeriodSeconds: z.number().optional(),
  SqsManagedSseEnabled: z.boolean().optional(),
  Tags: ignored,
});

const emulatedAttributes = [
  "FifoQueue",
  "ContentBasedDeduplication",
  "DelaySeconds",
  "MaximumMessageSize",
  "MessageRetentionPeriod",
  "ReceiveMessageWaitTimeSeconds",
  "VisibilityTimeout",
  "RedrivePolicy",
] as const;

export type Queue = Resource<z.infer<typeof queueSchema>>;

export function readQueues(stack: StackResources): Queue[] {
  return stack.ofType("AWS::SQS::Queue", queueSchema);
}

/** URL of a queue at the AWS proxy. */
export function queueUrl(name: string, place: Place): string {
  return `${place.awsEndpoint}/${place.account}/${name}`;
}

/** Creates missing queues in the emulator, and updates all to the template's attributes. */
export async function createQueues(queues: readonly Queue[], sqs: Emulator): Promise<void> {
  for (const { name, properties } of queues) {
    const fifo = properties.FifoQueue === true ? { FifoQueue: "true" } : {};
    const created = await callAws(sqs.send, "AmazonSQS.CreateQueue", { QueueName: name, Attributes: fifo });
    const { QueueUrl } = z.object({ QueueUrl: z.string() }).parse(created);
    const Attributes: Record<string, string> = {};
    for (const attribute of emulatedAttributes) {
      const value = properties[attribute];
      if (value === undefined || attribute === "FifoQueue") continue;
      Attributes[attribute] = typeof value === "object" ? JSON.stringify(value) : String(value);
    }
    await callAws(sqs.send, "AmazonSQS.SetQueueAttributes", { QueueUrl, Attributes });
  }
}

/** Corrects the URL of a queue that was created at run time: fauxqs returns it with its own port. */
export function withProxyUrl({ action }: AwsRequest, response: AwsResponse, place: Place): AwsResponse {
  if ((action !== "CreateQueue" && action !== "GetQueueUrl") || response.status >= 300) return response;
  const { QueueUrl } = z.object({ QueueUrl: z.string() }).parse(JSON.parse(response.body.toString("utf8")));
  return jsonResponse({ QueueUrl: queueUrl(QueueUrl.split("/").at(-1) ?? "", place) });
}

/**
 * Answers calls that fauxqs would answer differently from AWS; undefined forwards the call to it. Not corrected: fauxqs
 * refuses characters above U+FFFF, such as emoji, which SQS accepts. The stack's messages are ASCII.
 */
export function responseForSqs(request: AwsRequest, queues: readonly Queue[], place: Place): AwsResponse | undefined {
  const { action, input } = request;
  if (action === "GetQueueUrl") {
    const queue = queues.find(({ name }) => name === input.QueueName);
    if (queue !== undefined) return jsonResponse({ QueueUrl: queueUrl(queue.name, place) });
  }
  if (action === "ListQueues") return jsonResponse({ QueueUrls: queues.map(({ name }) => queueUrl(name, place)) });
  return undefined;
}
