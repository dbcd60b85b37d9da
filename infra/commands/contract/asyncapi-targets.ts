import { eventName, webhookEventType } from "../../../functions/core/events/events.ts";
import { type PublishedShape, publishedEvents } from "./published-events.ts";

/** The events that can be published, with their shapes: all but the test event of a webhook. */
const published = [...publishedEvents].filter(([name]) => eventName.safeParse(name).success);

type MessageOf = (name: string, shape: PublishedShape, headers: string) => object;

/** The messages of the bus and the topics, by name in the document. */
export function targetMessages(message: MessageOf): (readonly [string, object])[] {
  return published.flatMap(([name, shape]): (readonly [string, object])[] => [
    [`${shape.title}Message`, message(name, shape, "EventAttributes")],
    [`${shape.title}OnBus`, onBus(name, shape)],
  ]);
}

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
function onBus(name: string, { title, summary }: PublishedShape): object {
  return {
    ...{ name, title, summary },
    contentType: "application/json",
    payload: {
      type: "object",
      properties: {
        source: { const: "kard-audit-tracker" },
        "detail-type": { const: name },
        detail: { $ref: `#/components/schemas/${title}` },
      },
      required: ["source", "detail-type", "detail"],
    },
  };
}

const region = { region: { description: "The deployment's region.", default: "us-east-1" } };

export const targetServers = {
  sns: {
    host: "sns.{region}.amazonaws.com",
    protocol: "sns",
    description: "Amazon SNS in the deployment's AWS account.",
    variables: region,
  },
  eventbridge: {
    host: "events.{region}.amazonaws.com",
    protocol: "eventbridge",
    description: "Amazon EventBridge in the deployment's AWS account.",
    variables: region,
  },
};

const messagesOf = (names: readonly string[], suffix: string) =>
  Object.fromEntries(
    published
      .filter(([name]) => names.includes(name))
      .map(([name, { title }]) => [name, { $ref: `#/components/messages/${title}${suffix}` }]),
  );

export const targetChannels = {
  eventTopic: {
    address: null,
    title: "The topic",
    description:
      "All events of all issuers, if `eventTopic` is configured. The stack's output `EventTopicArn` names it.",
    servers: [{ $ref: "#/servers/sns" }],
    messages: messagesOf(eventName.options, "Message"),
  },
  eventBus: {
    address: null,
    title: "The bus",
    description: "All events of all issuers, if `eventBus` is configured. The stack's output `EventBusArn` names it.",
    servers: [{ $ref: "#/servers/eventbridge" }],
    messages: messagesOf(eventName.options, "OnBus"),
  },
  contacts: {
    address: null,
    title: "The topics of contacts",
    description:
      "Events about an issuer's webhooks, if the issuer has a contact in `contacts` of the configuration. E-mail gets a " +
      "text instead. The stack's output `ContactTopicArns` names the topics.",
    servers: [{ $ref: "#/servers/sns" }],
    messages: messagesOf(webhookEventType.options, "Message"),
  },
};

const sendTo = (channel: keyof typeof targetChannels, summary: string) => ({
  action: "send",
  summary,
  channel: { $ref: `#/channels/${channel}` },
  messages: Object.keys(targetChannels[channel].messages).map((name) => ({
    $ref: `#/channels/${channel}/messages/${name}`,
  })),
});

export const targetOperations = {
  publishToTopic: sendTo("eventTopic", "Publishes each event to the topic, at least once."),
  putOnBus: sendTo("eventBus", "Puts each event on the bus, at least once."),
  tellContact: sendTo(
    "contacts",
    "Publishes events about an issuer's webhooks to its contact, at least once; `notification.failed` once an hour for " +
      "each endpoint.",
  ),
};
