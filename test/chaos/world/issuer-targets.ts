import type { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { sendToBuses } from "../../../functions/adapters/issuer-targets/bus-target.ts";
import type { EventSenderParts } from "../../../functions/adapters/issuer-targets/event-sender.ts";
import { sendToQueues } from "../../../functions/adapters/issuer-targets/queue-target.ts";
import type { Clock } from "../../../functions/core/shared/ports.ts";
import type { createEndpoints } from "./endpoints.ts";
import type { FaultKind, Outside, Worker } from "./outside.ts";

const account = "111122223333";
/** An event bus in an account that the deployment does not list. */
export const unlistedArn = "arn:aws:events:eu-west-1:444455556666:event-bus/audits";

/** A queue and an event bus of the issuer `org`. */
export const targetArns = {
  queue: `arn:aws:sqs:eu-west-1:${account}:audits.fifo`,
  bus: `arn:aws:events:eu-west-1:${account}:event-bus/audits`,
};

/** The accounts that the deployment lists. */
export const allowedTargets = {
  ...{ partition: "aws", region: "eu-west-1", account: "999999999999" },
  accountsOf: { org: [account] },
};

const kinds = ["before", "after", "crash-before", "crash-after", "throttle", "outage", "twice"] satisfies FaultKind[];

/** The codes of AWS by the statuses with which an endpoint is to answer. */
const codes: Readonly<Record<number, string>> = {
  400: "MalformedDetail",
  403: "AccessDeniedException",
  404: "QueueDoesNotExist",
  429: "ThrottlingException",
  500: "InternalFailure",
};

function failed(name: string, httpStatusCode?: number): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
}

/** The deployed adapters of queues and buses for one worker, with clients that put into the endpoints. */
export function issuerTargets(
  { all: endpoints }: Pick<ReturnType<typeof createEndpoints>, "all">,
  clock: Clock,
  outside: Outside,
  worker: Worker,
): EventSenderParts["targets"] {
  const put = (name: string, arn: string, { id, body }: { id: string; body: string }) =>
    outside.pass(
      worker,
      { service: "endpoints", name, about: arn, kinds },
      {
        effect() {
          const endpoint = endpoints.get(arn);
          if (endpoint === undefined) throw failed("AccessDeniedException", 403);
          const statusCode = endpoint.responses.shift() ?? 200;
          endpoint.received.push({ id, body, at: clock(), statusCode });
          if (statusCode >= 300) throw failed(codes[statusCode] ?? "InternalFailure", statusCode);
          return { $metadata: { httpStatusCode: statusCode } };
        },
        broken() {
          throw failed("TimeoutError");
        },
        throttled() {
          throw failed("ThrottlingException", 400);
        },
      },
    );
  const sqs = {
    send: ({ input: { MessageBody: body = "", MessageDeduplicationId: id = "" } }: SendMessageCommand) =>
      put("SendMessage", targetArns.queue, { id, body }),
  };
  const events = {
    async send({ input: { Entries: [entry] = [] } }: PutEventsCommand) {
      const body = entry?.Detail ?? "";
      try {
        return await put("PutEvents", entry?.EventBusName ?? "", { id: JSON.parse(body).id, body });
      } catch (error) {
        // EventBridge answers 200 for an entry that it refuses.
        if (!(error instanceof Error) || error.name !== codes[400]) throw error;
        return { $metadata: { httpStatusCode: 200 }, Entries: [{ ErrorCode: error.name }] };
      }
    },
  };
  return {
    sqs: sendToQueues(sqs as unknown as SQSClient, clock),
    eventbridge: sendToBuses(events as unknown as EventBridgeClient, clock),
  };
}
