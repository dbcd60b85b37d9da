import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import * as z from "zod";
import type { Callers } from "../aws-proxy/callers.ts";
import { decide } from "../iam/policy.ts";
import { type LambdaFunction, unqualified } from "../lambda/lambda-function.ts";
import { callAws, signedHeaders } from "../protocol/aws-client.ts";
import type { MessageTraces } from "../services/message-traces.ts";
import { type Queue, queueUrl } from "../services/queues.ts";
import { ignored } from "../template/parse-template-part.ts";
import type { StackResources } from "../template/stack-resources.ts";
import { StartUpError } from "../template/start-up-error.ts";
import { pollQueue } from "./sqs-poller.ts";

// Refuses filters, destinations and provisioned pollers as unknown keys.
const mappingSchema = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number().int().default(10),
  MaximumBatchingWindowInSeconds: z.number().int().default(0),
  FunctionResponseTypes: z.array(z.literal("ReportBatchItemFailures")).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: z.number().int().optional() }).default({}),
  Enabled: z.boolean().default(true),
  Tags: ignored,
});

type Mapping = z.infer<typeof mappingSchema>;

export interface EventSources {
  /** Stops polling. Batches in progress have a second to end. */
  stop(): Promise<void>;
}

const graceMs = 1000;

/**
 * Starts a poller for every enabled event source mapping. It calls SQS with the function's role.
 * @throws StartUpError for mappings that AWS refuses to create: missing permissions, a visibility timeout shorter
 *   than the function's timeout, a batch size above 10 without a window. Also for settings that are not modelled.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function startEventSources(
  stack: StackResources,
  functions: readonly LambdaFunction[],
  queues: readonly Queue[],
  callers: Callers,
  traces: MessageTraces,
  onLoop: (functionName: string, message: string) => void,
): EventSources {
  const pool = new Pool(stack.place.awsEndpoint);
  const stopping = new AbortController();
  const pollers = stack.ofType("AWS::Lambda::EventSourceMapping", mappingSchema).flatMap(({ id, properties }) => {
    if (!properties.Enabled) return [];
    const queue = queues.find(({ arn }) => arn === properties.EventSourceArn);
    const fn = functions.find(({ arn, name }) => [arn, name].includes(unqualified(properties.FunctionName)));
    if (queue === undefined || fn === undefined)
      throw new StartUpError(`${id}: its queue or function is not in the stack`);
    checkAsAws(id, properties, queue, fn);
    const accessKeyId = callers.issueKey({
      kind: "event source",
      functionName: fn.name,
      role: fn.role,
      isFunction: () => false,
    });
    const call = (action: string, input: object) =>
      callAws(
        async (target, body, signal) => {
          const headers = signedHeaders(target, accessKeyId, stack.place.region);
          const response = await pool.request({ method: "POST", path: "/", headers, body, signal: signal ?? null });
          return { status: response.statusCode, headers: {}, body: Buffer.from(await response.body.arrayBuffer()) };
        },
        `AmazonSQS.${action}`,
        { QueueUrl: queueUrl(queue.name, stack.place), ...input },
        action === "ReceiveMessage" ? stopping.signal : undefined,
      );
    const context = {
      ...{ region: stack.place.region, call, traces },
      onLoop: (message: string) => onLoop(fn.name, message),
    };
    return [pollQueue(properties, queue, fn, context, stopping.signal)];
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.race([Promise.all(pollers), sleep(graceMs, undefined, { ref: false })]);
      await pool.destroy();
    },
  };
}

function checkAsAws(id: string, mapping: Mapping, queue: Queue, fn: LambdaFunction): void {
  const { VisibilityTimeout } = queue.properties;
  if (VisibilityTimeout < fn.timeoutSeconds) {
    const times = `${VisibilityTimeout} seconds is less than the function timeout of ${fn.timeoutSeconds} seconds`;
    throw new StartUpError(`${id}: the queue's visibility timeout of ${times}`);
  }
  if (mapping.BatchSize > 10 && mapping.MaximumBatchingWindowInSeconds < 1) {
    throw new StartUpError(`${id}: a batch size above 10 needs a batching window of at least one second`);
  }
  for (const action of ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]) {
    if (decide(fn.role.statements, { action, resource: queue.arn }) === "allow") continue;
    throw new StartUpError(`${id}: the role ${fn.role.name} may not call ${action} on ${queue.name}`);
  }
}
