import type { AwsRequest, AwsResponse } from "../protocol/aws-request.ts";
import type { Place } from "../template/resource-kinds.ts";
import type { DataStores } from "./data-stores.ts";
import type { ForeignQueues } from "./foreign-queues.ts";
import { withCheckedDelays } from "./message-delays.ts";
import { createMessageMoves } from "./message-moves.ts";
import type { MessageTraces } from "./message-traces.ts";
import { type Queue, responseForSqs, withProxyUrl } from "./queues.ts";
import type { Secrets } from "./secrets.ts";
import { bodyForQueues, responseForSns } from "./topics.ts";

/** A response, and the DynamoDB capacity units that the call consumed. */
export interface Served {
  readonly response: AwsResponse;
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** Forwards a DynamoDB call and computes the capacity units that it consumes. */
export type MeterCapacity = (request: AwsRequest, forward: () => Promise<AwsResponse>) => Promise<Served>;

/** Serves the calls that the AWS proxy allows: DynamoDB, SQS, SNS, EventBridge, Secrets Manager and KMS. */
export function createAwsServices(parts: {
  readonly place: Place;
  readonly queues: readonly Queue[];
  readonly stores: DataStores;
  readonly secrets: Secrets;
  readonly traces: MessageTraces;
  readonly foreignQueues: ForeignQueues;
  readonly respondForEvents: (request: AwsRequest) => Promise<AwsResponse>;
  readonly respondForKeys: (request: AwsRequest) => AwsResponse;
  /** Without it, all calls count as 0 capacity units. */
  readonly meterCapacity: MeterCapacity | undefined;
}): (request: AwsRequest, signal: AbortSignal) => Promise<Served> {
  const { place, queues, stores, secrets, traces, foreignQueues, respondForEvents, respondForKeys, meterCapacity } =
    parts;
  const { dynamodb, sqs } = stores;
  const moveMessages = createMessageMoves(queues, place, sqs);
  const unmeasured = async (response: Promise<Served["response"]> | Served["response"]): Promise<Served> => ({
    response: await response,
    readUnits: 0,
    writeUnits: 0,
  });

  return async (request, signal) => {
    const { service, target, body } = request;
    switch (service) {
      case "dynamodb": {
        // A disconnect of the caller does not cancel it: on AWS, too, a started write takes effect.
        const forward = () => dynamodb.send(target, body);
        return meterCapacity?.(request, forward) ?? unmeasured(forward());
      }
      case "sqs": {
        const inner = foreignQueues.translate(request);
        const own = moveMessages(inner) ?? responseForSqs(inner, queues, place);
        const send = (checked: AwsRequest) => sqs.send(target, checked.body, signal);
        const response = withProxyUrl(inner, await (own ?? withCheckedDelays(inner, send)), place);
        traces.note(request, response);
        return unmeasured(foreignQueues.complete(request, response));
      }
      case "sns":
        return unmeasured(responseForSns(request) ?? sqs.send(target, bodyForQueues(request), signal));
      case "events":
        return unmeasured(respondForEvents(request));
      case "kms":
        return unmeasured(respondForKeys(request));
      case "secretsmanager":
        return unmeasured(secrets.respond(request));
    }
  };
}
