import { EventBus, type IEventBus } from "aws-cdk-lib/aws-events";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { allowPublishWith } from "./data-key.ts";

/** A given bus or topic, or `new` for one of the tracker's own. */
interface GivenTargets {
  eventBus?: IEventBus | "new";
  eventTopic?: ITopic | "new";
}

/**
 * The owner's bus and topic for all events. A new topic is encrypted with the key and used over TLS only. A new bus is
 * encrypted with a key of AWS: with a key of your own, EventBridge drops events that it cannot decrypt, unless the bus
 * has a dead-letter queue. Create such a bus yourself and give it.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
 */
export function eventTargets(scope: Construct, { eventBus, eventTopic }: GivenTargets, key: IKey) {
  return {
    eventBus: eventBus === "new" ? newBus(scope) : eventBus,
    eventTopic: eventTopic === "new" ? newTopic(scope, key) : eventTopic,
  };
}

function newBus(scope: Construct): IEventBus {
  const description = "All events of all issuers";
  return new EventBus(scope, "EventBus", { description }) as IEventBus;
}

function newTopic(scope: Construct, masterKey: IKey): ITopic {
  const displayName = "All events of all issuers";
  return new Topic(scope, "EventTopic", { displayName, masterKey, enforceSSL: true });
}

/** Allows putting events on a bus. The policy of a bus in another account must allow it, too. */
export function allowPutEvents(bus: IEventBus): PolicyStatement {
  return new PolicyStatement({ actions: ["events:PutEvents"], resources: [bus.eventBusArn] });
}

/** Allows publishing to topics. SNS uses their keys with the caller's permissions. */
export function allowPublish(topics: readonly ITopic[]): PolicyStatement[] {
  if (topics.length === 0) return [];
  const keys = new Set(topics.flatMap(({ masterKey }) => masterKey ?? []));
  const publish = new PolicyStatement({ actions: ["sns:Publish"], resources: topics.map(({ topicArn }) => topicArn) });
  return [publish, ...[...keys].map((key) => allowPublishWith(key))];
}
