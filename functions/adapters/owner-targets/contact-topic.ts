import { SNSClient } from "@aws-sdk/client-sns";
import type { WebhookEventType } from "../../core/events/events.ts";
import { webhookEventText } from "../../core/events/webhook-event-text.ts";
import type { EventTarget } from "../../core/publishing/ports.ts";
import { awsHttp } from "../aws/http-handler.ts";
import { fifoFields, messageAttributes } from "./message-attributes.ts";
import { publishToTopic } from "./sns-publish.ts";

/** The topic of an issuer's contact, and the events that it gets. */
export interface ContactTopic {
  topicArn: string;
  events: readonly WebhookEventType[];
}

/** An attempt at a delivery waits for the contact: a call is given up after three seconds, and made twice at most. */
const impatience = { requestHandler: awsHttp({ deadlineMs: 3_000 }), maxAttempts: 2 };

/** Opens a client for the topics of all contacts. */
export function openContactTopics(onRefused: (code: string) => void): (topic: ContactTopic) => EventTarget {
  const client = new SNSClient({ cacheMiddleware: true, ...impatience });
  return (topic) => contactTopic(client, topic, onRefused);
}

/**
 * The topic of an issuer's contact. Subscribers by e-mail get a text with a subject. All others get the event's exact
 * bytes; attributes allow filter policies.
 */
export function contactTopic(
  client: Pick<SNSClient, "send">,
  { topicArn, events }: ContactTopic,
  onRefused: (code: string) => void = () => undefined,
): EventTarget {
  return {
    eventNames: events,
    send(owned) {
      const { subject, text } = webhookEventText(owned.event.body);
      const message = {
        TopicArn: topicArn,
        Subject: subject,
        Message: JSON.stringify({ default: owned.event.body, email: text }),
        MessageStructure: "json",
        MessageAttributes: messageAttributes(owned),
        ...fifoFields(topicArn, owned),
      };
      return publishToTopic(client, message, onRefused);
    },
  };
}
