import type { Place } from "../stack/resource-kinds.ts";
import type { AwsRequest } from "./aws-request.ts";
import { createCapacityMeter } from "./capacity-meter.ts";
import type { DataStores } from "./data-stores.ts";
import type { Table } from "./dynamodb.ts";
import type { FrontDoorParts, Served } from "./front-door.ts";
import type { MessageTraces } from "./message-traces.ts";
import type { Secrets } from "./secrets.ts";
import { answerForSqs, type Queue } from "./sqs.ts";

/** What carries out the calls that the front door lets pass. */
export function createAwsServices(parts: {
  readonly place: Place;
  readonly tables: readonly Table[];
  readonly queues: readonly Queue[];
  readonly stores: DataStores;
  readonly secrets: Secrets;
  readonly traces: MessageTraces;
  readonly countCapacity: boolean;
}): FrontDoorParts["serve"] {
  const { place, tables, queues, stores, secrets, traces, countCapacity } = parts;
  const { dynamodb, sqs } = stores;
  const measure = createCapacityMeter(tables, dynamodb);
  const unmeasured = async (response: Promise<Served["response"]> | Served["response"]): Promise<Served> => ({
    response: await response,
    readUnits: 0,
    writeUnits: 0,
  });

  return async (request: AwsRequest, signal) => {
    const { service, target, body } = request;
    switch (service) {
      case "dynamodb": {
        // Not cancelled with the caller: a write that has begun is carried out on AWS too.
        const forward = () => dynamodb.send(target, body);
        return countCapacity ? measure(request, forward) : unmeasured(forward());
      }
      case "sqs": {
        const response = await (answerForSqs(request, queues, place) ?? sqs.send(target, body, signal));
        traces.note(request, response);
        return unmeasured(response);
      }
      case "secretsmanager":
        return unmeasured(secrets.answer(request));
    }
  };
}
