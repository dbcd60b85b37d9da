import { randomBytes } from "node:crypto";
import * as z from "zod";
import type { HostResolver } from "../../functions/adapters/webhooks/host-resolver.ts";
import { webhookSender } from "../../functions/adapters/webhooks/sender.ts";
import type { Delivery } from "../../functions/core/notifications/delivery.ts";
import { newNotification } from "../../functions/core/notifications/notification.ts";
import type { WebhookTargets } from "../../functions/core/subscriptions/webhook-url.ts";
import { deliverWebhook } from "../../functions/deliver-webhooks/deliver-webhook.ts";
import { HttpError } from "../../functions/platform/http-error.ts";
import { subscriptionRoutes } from "../../functions/subscriptions-api/subscriptions/respond-subscriptions.ts";
import { fakeWorld } from "../support/fake-world.ts";
import { aNotification, aSubscription } from "../support/sample-audits.ts";
import { watchConnections } from "../support/webhooks/tcp-connections.ts";
import { refusedByText } from "../support/webhooks/urls-refused-by-text.ts";

export const publicAddress = "93.184.216.34";
export const deployed: WebhookTargets = { reach: "public", ports: [443] };
const collection = "/v2/issuers/{organizationId}/subscriptions";

export const connections = await watchConnections();

export const resolvingTo =
  (addresses: readonly string[]): HostResolver =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

/** A subscription whose webhooks are really sent; names resolve to `resolve`. */
export async function worldWith(
  webhookUrl: string,
  {
    resolve = resolvingTo([publicAddress]),
    targets = deployed,
  }: { resolve?: HostResolver; targets?: WebhookTargets } = {},
) {
  const fake = fakeWorld();
  const world = { ...fake, sender: webhookSender(targets, fake.clock, { resolve }) };
  await world.subscriptions.create(aSubscription({ webhookUrl }));
  const routes = subscriptionRoutes({ ...world, randomBytes, webhookTargets: targets });
  const stored = async () => (await world.subscriptions.get("org", "subscription-1"))?.webhookUrl;
  const call = async (route: keyof typeof routes, data: unknown) => {
    try {
      return await routes[route].respond({
        ...{ requestId: "1", method: "POST", path: "/", urlPath: "/", query: {}, headers: {} },
        parameters: { organizationId: "org", subscriptionId: "subscription-1" },
        body: { bytes: Buffer.from(JSON.stringify({ data })), contentType: "application/json" },
        caller: { organizations: ["org"], scopes: [] },
      });
    } catch (error) {
      if (error instanceof HttpError) return { statusCode: error.statusCode, body: { errors: error.errors } };
      throw error;
    }
  };
  return {
    stored,
    subscriptions: () => world.subscriptions.listInFull("org"),
    create: (url: string) => call(`POST ${collection}`, [{ type: "subscription", attributes: { webhookUrl: url } }]),
    update: (url: string) =>
      call(`PATCH ${collection}/{subscriptionId}`, { type: "subscription", attributes: { webhookUrl: url } }),
    ping: async () => pinged.parse(await call(`POST ${collection}/{subscriptionId}/test`, {})).body.data.attributes,
    /** Delivers an event, and returns what its owner sees. */
    async deliver() {
      const { organizationId, auditId, sequence, subscriptionId } = aNotification();
      const key = { organizationId, auditId, sequence, subscriptionId };
      const event = { eventId: "evt_1", eventName: "audit.closed" as const, body: "{}" };
      await world.notifications.putNew([newNotification({ ...key, ...event }, 0)]);
      const { result } = await deliverWebhook(world)({ ...key, ...event, attemptCount: 0 } satisfies Delivery);
      return { result, attempts: (await world.notifications.get(key))?.attempts };
    },
  };
}

const pinged = z.object({
  body: z.object({ data: z.object({ attributes: z.looseObject({ delivered: z.boolean() }) }) }),
});

export const refusedTexts = Object.entries(refusedByText).flatMap(([reason, urls]) =>
  urls.map((url) => [url, reason] as const),
);
