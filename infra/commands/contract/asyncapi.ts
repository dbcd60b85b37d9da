import { jsonSchemaOf } from "./json-schema.ts";
import { type PublishedShape, publishedEvents, publishedShapes } from "./published-shapes.ts";

/** Raised by one in the middle with every addition. The first number stays: nothing published is taken back. */
const contractVersion = "1.0.0";

/** The one event that the queue carries. */
const queued = "audit.closed";

/**
 * The AsyncAPI 3.0.0 document: both ways in which events reach their receivers.
 *
 * @param examples of each event, by its name
 */
export function asyncApi(examples: ReadonlyMap<string, unknown>): object {
  const shown = (name: string) => (examples.has(name) ? { examples: [{ name, payload: examples.get(name) }] } : {});
  const message = (name: string, { title, summary }: PublishedShape, headers: string) => ({
    ...{ name, title, summary },
    contentType: "application/json",
    headers: { $ref: `#/components/schemas/${headers}` },
    payload: { $ref: `#/components/schemas/${title}` },
    ...shown(name),
  });
  const events = [...publishedEvents];
  const messages = [
    ...events.map(([name, shape]) => [shape.title, message(name, shape, "WebhookHeaders")] as const),
    ...events.flatMap(([name, shape]) =>
      name === queued ? [["Resolution", message(name, shape, "ResolutionAttributes")] as const] : [],
    ),
  ];

  return {
    asyncapi: "3.0.0",
    info: {
      title: "kard-audit-tracker",
      version: contractVersion,
      description:
        "What the tracker tells its subscribers. An event has the same bytes in the queue and in every webhook. It may " +
        "come more than once, with the same id, and out of order: `data.sequence` counts an audit's events. Fields and " +
        "events may be added; none is removed or changes its meaning.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    defaultContentType: "application/json",
    servers: {
      sqs: {
        host: "sqs.{region}.amazonaws.com",
        protocol: "sqs",
        description: "Amazon SQS in the account of the deployment.",
        variables: { region: { description: "The region of the deployment.", default: "us-east-1" } },
      },
      receiver: {
        host: "{host}",
        protocol: "https",
        description: "A subscriber's own server.",
        variables: { host: { description: "The host of the subscription's `webhookUrl`." } },
      },
    },
    channels: {
      resolutions: {
        address: null,
        title: "The resolutions queue",
        description: "Every resolution of all issuers. The stack's output `ResolutionsQueueUrl` is its address.",
        servers: [{ $ref: "#/servers/sqs" }],
        messages: { [queued]: { $ref: "#/components/messages/Resolution" } },
      },
      webhooks: {
        address: null,
        title: "Webhooks",
        description: "The `webhookUrl` of each subscription that asked for the event.",
        servers: [{ $ref: "#/servers/receiver" }],
        messages: Object.fromEntries(
          events.map(([name, { title }]) => [name, { $ref: `#/components/messages/${title}` }]),
        ),
      },
    },
    operations: {
      sendResolution: {
        action: "send",
        summary: "Sends each resolution to the queue, at least once.",
        channel: { $ref: "#/channels/resolutions" },
        messages: [{ $ref: `#/channels/resolutions/messages/${queued}` }],
      },
      sendWebhook: {
        action: "send",
        summary:
          "Posts an event, signed by Standard Webhooks 1.0.0, and again for about 75 hours until it is answered 2xx.",
        description:
          "Any other status is a failure; redirects are not followed; 410 disables the subscription. `Retry-After` is " +
          "honoured. The answer has to come within 15 seconds.",
        channel: { $ref: "#/channels/webhooks" },
        messages: events.map(([name]) => ({ $ref: `#/channels/webhooks/messages/${name}` })),
        bindings: { http: { method: "POST", bindingVersion: "0.3.0" } },
        externalDocs: { description: "Standard Webhooks 1.0.0", url: "https://www.standardwebhooks.com" },
      },
    },
    components: {
      messages: Object.fromEntries(messages),
      schemas: Object.fromEntries([...publishedShapes.values()].map((shape) => [shape.title, schemaOf(shape)])),
    },
  };
}

/** AsyncAPI's own schemas are of draft 7, and say so by saying nothing. */
function schemaOf(shape: PublishedShape): object {
  const { $schema: _dialect, ...schema } = jsonSchemaOf(shape, "draft-07");
  return schema;
}
