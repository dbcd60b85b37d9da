import { targetChannels, targetMessages, targetOperations, targetServers } from "./asyncapi-targets.ts";
import { jsonSchemaOf } from "./json-schema.ts";
import { type PublishedShape, publishedEvents } from "./published-events.ts";
import { kardAuditUpdate, publishedShapes } from "./published-shapes.ts";

/** Additions raise the minor version. The major version stays, because published fields are never removed. */
const contractVersion = "1.2.0";

/** The event in the queue by default. */
const queued = "audit.closed";

/**
 * The AsyncAPI 3.0.0 document: webhooks, and the resolutions queue, the bus and the topics in the deployment's account.
 *
 * @param examples examples of events by name
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
  const webhooks = [...events, ["auditUpdate", kardAuditUpdate] as const];
  const messages = [
    ...events.map(([name, shape]) => [shape.title, message(name, shape, "WebhookHeaders")] as const),
    ...events.flatMap(([name, shape]) =>
      name === queued ? [["Resolution", message(name, shape, "ResolutionAttributes")] as const] : [],
    ),
    ["KardAuditUpdate", message("auditUpdate", kardAuditUpdate, "KardWebhookHeaders")] as const,
    ...targetMessages(message),
  ];

  return {
    asyncapi: "3.0.0",
    info: {
      title: "kard-audit-tracker",
      version: contractVersion,
      description:
        "The events of the tracker. An event has the same bytes in every webhook, queue, topic and bus. Delivery is " +
        "at-least-once: an event can arrive several times, with the same id, and out of order. `data.sequence` counts an " +
        "audit's events. Fields and events can be added; none is removed or changes its meaning.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    defaultContentType: "application/json",
    servers: {
      sqs: {
        host: "sqs.{region}.amazonaws.com",
        protocol: "sqs",
        description: "Amazon SQS in the deployment's AWS account.",
        variables: { region: { description: "The deployment's region.", default: "us-east-1" } },
      },
      ...targetServers,
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
        description:
          "All resolutions of all issuers, and other events that `resolutionsEvents` of the configuration names. The " +
          "stack's output `ResolutionsQueueUrl` has its URL.",
        servers: [{ $ref: "#/servers/sqs" }],
        messages: { [queued]: { $ref: "#/components/messages/Resolution" } },
      },
      ...targetChannels,
      webhooks: {
        address: null,
        title: "Webhooks",
        description: "The `webhookUrl` of each subscription to the event.",
        servers: [{ $ref: "#/servers/receiver" }],
        messages: Object.fromEntries(
          webhooks.map(([name, { title }]) => [name, { $ref: `#/components/messages/${title}` }]),
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
      ...targetOperations,
      sendWebhook: {
        action: "send",
        summary:
          "Posts an event with a Standard Webhooks 1.0.0 signature, or in Kard's format with Kard's. Retries for about 75 " +
          "hours until a 2xx response.",
        description:
          "Any other status is a failure. Redirects are not followed. 410 disables the subscription. `Retry-After` is " +
          "honoured. The response must arrive within 15 seconds.",
        channel: { $ref: "#/channels/webhooks" },
        messages: webhooks.map(([name]) => ({ $ref: `#/channels/webhooks/messages/${name}` })),
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

/** Schemas in AsyncAPI are draft 7 by default, without `$schema`. */
function schemaOf(shape: PublishedShape): object {
  const { $schema: _dialect, ...schema } = jsonSchemaOf(shape, "draft-07");
  return schema;
}
