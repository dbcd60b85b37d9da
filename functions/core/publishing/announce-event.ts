import type { AnnouncedTo } from "../events/webhook-events.ts";
import { newNotification } from "../notifications/notification.ts";
import { replayGraceMs } from "../notifications/replay-notification.ts";
import { type DeliveryRequest, type SendDeliveriesDeps, sendDeliveries } from "../notifications/send-deliveries.ts";
import type { SubscriptionStore } from "../subscriptions/ports.ts";
import { announceToContact } from "./announce-to-contact.ts";
import type { FeedDeps } from "./event-feed.ts";
import type { Announcement, ContactOf, OwnerEvent, OwnerTarget } from "./ports.ts";

export interface AnnounceDeps extends SendDeliveriesDeps, FeedDeps {
  subscriptions: Pick<SubscriptionStore, "list" | "get" | "update">;
  ownerTargets: readonly OwnerTarget[];
  contactOf: ContactOf;
}

/** Where an event was announced, and why it could not be announced elsewhere. */
export interface Announced {
  announcedTo: string[];
  failures: unknown[];
}

/**
 * Announces an event to the issuer's other enabled endpoints that ask for it, the feed, the owner's targets and the
 * issuer's contact. One that fails does not stop the others. The caller stores where the event was announced, and
 * announces it again where it was not. An event that a target refuses permanently counts as announced there.
 */
export function announceEvent(deps: AnnounceDeps) {
  return async (announcement: Announcement): Promise<Announced> => {
    const { announcedTo = [] } = announcement;
    const targets = targetsOf(deps, announcement).filter(([name]) => !announcedTo.includes(name));
    const sent = await Promise.allSettled(targets.map(([, send]) => send()));
    return {
      announcedTo: [...announcedTo, ...targets.flatMap(([name], i) => (sent[i]?.status === "fulfilled" ? name : []))],
      failures: sent.flatMap((one) => (one.status === "rejected" ? [one.reason] : [])),
    };
  };
}

function targetsOf(
  deps: AnnounceDeps,
  announcement: Announcement,
): [name: AnnouncedTo, send: () => Promise<unknown>][] {
  const { organizationId, subjectId, sequence, eventName, at, id, body } = announcement;
  const event: OwnerEvent = { organizationId, subjectId, event: { id, type: eventName, at, body } };
  const entry = { auditId: subjectId, sequence, eventId: id, eventName, body };
  const contact = deps.contactOf(organizationId);
  const owners = deps.ownerTargets.filter(({ eventNames }) => eventNames?.includes(eventName) !== false);
  return [
    ["endpoints", () => notifyOthers(deps, announcement)],
    ["feed", () => deps.feed.append(organizationId, { at: deps.clock(), ...entry })],
    ...owners.map((target): [AnnouncedTo, () => Promise<unknown>] => [target.name, () => target.send(event)]),
    ...(contact !== undefined && contact.eventNames?.includes(eventName) !== false
      ? [
          ["contact", () => announceToContact(deps, contact, announcement, event)] as const satisfies [
            AnnouncedTo,
            unknown,
          ],
        ]
      : []),
  ];
}

/** Rows are written before messages are sent, and the sweep sends what is lost. So this may be repeated. */
async function notifyOthers(deps: AnnounceDeps, announcement: Announcement): Promise<void> {
  const { organizationId, subjectId: auditId, sequence, eventName, at, id, body, aboutSubscriptionId } = announcement;
  const others = (await deps.subscriptions.list(organizationId)).filter(
    ({ enabled, eventNames, subscriptionId }) =>
      enabled && eventNames.includes(eventName) && subscriptionId !== aboutSubscriptionId,
  );
  const event = { id, body };
  const requests: DeliveryRequest[] = [];
  for (const { subscriptionId } of others) {
    const row = newNotification({ organizationId, auditId, sequence, subscriptionId, eventName }, at);
    const notification = { ...row, event, laneAt: deps.clock() + replayGraceMs };
    if ((await deps.notifications.put(notification, undefined)) === "done") requests.push({ notification, event });
  }
  await sendDeliveries(deps)(requests);
}
