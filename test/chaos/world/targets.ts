import type { EventBridgeClient, PutEventsCommandInput } from "@aws-sdk/client-eventbridge";
import { type PublishCommandInput, type SNSClient, SNSServiceException } from "@aws-sdk/client-sns";
import { contactTopic } from "../../../functions/adapters/owner-targets/contact-topic.ts";
import { ownerBus } from "../../../functions/adapters/owner-targets/owner-bus.ts";
import { ownerTopic } from "../../../functions/adapters/owner-targets/owner-topic.ts";
import { webhookEventType } from "../../../functions/core/events/events.ts";
import type { ContactOf, OwnerTarget } from "../../../functions/core/publishing/ports.ts";
import type { Command } from "../../support/dynamodb/memory-dynamodb.ts";
import type { FaultKind, Outside, Worker } from "./outside.ts";

export const busArn = "arn:aws:events:eu-west-1:111122223333:event-bus/audits";
export const topicArn = "arn:aws:sns:eu-west-1:111122223333:audits";

/** The topic of an issuer's contact. */
export const contactArn = (organizationId: string) => `arn:aws:sns:eu-west-1:111122223333:contact-${organizationId}`;

const kinds: FaultKind[] = ["before", "after", "crash-before", "crash-after", "throttle", "outage", "refused", "twice"];

/** Names an error as SNS does. */
const snsError = (name: string) => new SNSServiceException({ name, message: "no", $fault: "client", $metadata: {} });

/** The owner's bus and topic, and the topics of the issuers' contacts: the bodies that they got, by ARN. */
export function createTargets() {
  const got = new Map<string, string[]>();
  /** Targets that refuse these events permanently. */
  const refused = new Set<string>();
  const idOf = (body: string): string => JSON.parse(body).id;
  const isRefused = (arn: string, eventId: string) => refused.has(`${arn} ${eventId}`);

  /** A call with an event for a target, and its responses. */
  const pass = <Response>(
    outside: Outside,
    worker: Worker,
    { arn, body, service }: { arn: string; body: string; service: "bus" | "topics" },
    answer: { taken: () => Response; refused: () => Response; throttled: () => Response },
  ): Promise<Response> => {
    const take = () => {
      if (isRefused(arn, idOf(body))) return answer.refused();
      got.set(arn, [...(got.get(arn) ?? []), body]);
      return answer.taken();
    };
    return outside.pass<Response>(
      worker,
      { service, name: `Publish ${arn.split(/[:/]/).at(-1)}`, kinds },
      {
        effect: take,
        refused() {
          refused.add(`${arn} ${idOf(body)}`);
          return take();
        },
        broken() {
          throw new Error("the target cannot be reached");
        },
        throttled: answer.throttled,
      },
    );
  };

  const busOf = (outside: Outside, worker: Worker) => ({
    send({ input }: Command) {
      const [{ Detail: body = "" } = {}] = (input as PutEventsCommandInput).Entries ?? [];
      const entry = (ErrorCode?: string) => ({ Entries: [ErrorCode === undefined ? {} : { ErrorCode }] });
      return pass<object>(
        outside,
        worker,
        { arn: busArn, body, service: "bus" },
        {
          taken: () => entry(),
          refused: () => entry("MalformedDetail"),
          throttled: () => entry("ThrottlingException"),
        },
      );
    },
  });

  const snsOf = (outside: Outside, worker: Worker) => ({
    send({ input }: Command) {
      const { TopicArn: arn = "", Message = "", MessageStructure } = input as PublishCommandInput;
      const body: string = MessageStructure === "json" ? JSON.parse(Message).default : Message;
      const fail = (name: string) => () => {
        throw snsError(name);
      };
      return pass<object>(
        outside,
        worker,
        { arn, body, service: "topics" },
        {
          taken: () => ({}),
          refused: fail("InvalidParameterException"),
          throttled: fail("ThrottledException"),
        },
      );
    },
  });

  return {
    of: (arn: string): readonly string[] => got.get(arn) ?? [],
    arns: () => [...got.keys()],
    isRefused,
    /** The targets as one worker reaches them. Every issuer has a contact. */
    reachedBy(outside: Outside, worker: Worker): { ownerTargets: OwnerTarget[]; contactOf: ContactOf } {
      const bus = busOf(outside, worker) as unknown as EventBridgeClient;
      const sns = snsOf(outside, worker) as unknown as SNSClient;
      return {
        ownerTargets: [ownerBus(bus, busArn), ownerTopic(sns, topicArn)],
        contactOf: (organizationId) =>
          contactTopic(sns, { topicArn: contactArn(organizationId), events: webhookEventType.options }),
      };
    },
  };
}
