import { SNSClient } from "@aws-sdk/client-sns";
import type { OwnerTarget } from "../../core/publishing/ports.ts";
import { awsHttp } from "../aws/http-handler.ts";
import { fifoFields, messageAttributes } from "./message-attributes.ts";
import { publishToTopic } from "./sns-publish.ts";

/** Opens the topic with a client of its own. */
export function openOwnerTopic(topicArn: string, onRefused: (code: string) => void): OwnerTarget {
  return ownerTopic(new SNSClient({ cacheMiddleware: true, requestHandler: awsHttp() }), topicArn, onRefused);
}

/** The owner's topic. A message is the event's exact bytes; attributes allow filter policies. */
export function ownerTopic(
  client: Pick<SNSClient, "send">,
  topicArn: string,
  onRefused: (code: string) => void = () => undefined,
): OwnerTarget {
  return {
    name: "topic",
    send(owned) {
      const attributes = { MessageAttributes: messageAttributes(owned), ...fifoFields(topicArn, owned) };
      return publishToTopic(client, { TopicArn: topicArn, Message: owned.event.body, ...attributes }, onRefused);
    },
  };
}
