import { allowPublish, allowPutEvents } from "../constructs/event-targets.ts";
import type { Parts } from "./parts.ts";

type PublishParts = Pick<Parts, "config" | "resolutions" | "deliveries" | "eventBus" | "eventTopic">;

/** The targets of published events. */
export function publishEnvironment({ config, resolutions, deliveries, eventBus, eventTopic }: PublishParts) {
  return {
    RESOLUTIONS_QUEUE_URL: resolutions.queueUrl,
    RESOLUTIONS_EVENTS: config.resolutionsEvents.join(","),
    DELIVERIES_QUEUE_URL: deliveries.queueUrl,
    ...(eventBus && { EVENT_BUS_ARN: eventBus.eventBusArn }),
    ...(eventTopic && { EVENT_TOPIC_ARN: eventTopic.topicArn }),
  };
}

/** Permissions for publishing. */
export function publishGrants({ resolutions, deliveries, eventBus, eventTopic }: PublishParts) {
  return [
    resolutions.allowSend(),
    deliveries.allowSend(),
    ...(eventBus ? [allowPutEvents(eventBus)] : []),
    ...allowPublish(eventTopic ? [eventTopic] : []),
  ];
}

type AnnounceParts = PublishParts & Pick<Parts, "contacts">;

/** The targets of published events, and the contacts for events about webhooks. */
export function announceEnvironment(parts: AnnounceParts) {
  const contacts = [...parts.contacts].map(([organizationId, { topic, events }]) => [
    organizationId,
    { topicArn: topic.topicArn, ...(events && { events }) },
  ]);
  return {
    ...publishEnvironment(parts),
    ...(contacts.length > 0 && { CONTACTS: JSON.stringify(Object.fromEntries(contacts)) }),
  };
}

/** Permissions for publishing events about webhooks to them. */
export function announceGrants({ config, resolutions, deliveries, eventBus, eventTopic, contacts }: AnnounceParts) {
  const topics = [...contacts.values()].map(({ topic }) => topic);
  return [
    ...(config.resolutionsEvents.every((name) => name.startsWith("audit.")) ? [] : [resolutions.allowSend()]),
    deliveries.allowSend(),
    ...(eventBus ? [allowPutEvents(eventBus)] : []),
    ...allowPublish([...(eventTopic ? [eventTopic] : []), ...topics]),
  ];
}
