import type { HostResolver } from "../../../../functions/adapters/webhooks/host-resolver.ts";
import { webhookSender } from "../../../../functions/adapters/webhooks/sender.ts";
import type { WebhookTargets } from "../../../../functions/core/subscriptions/webhook-url.ts";
import { aSubscription } from "../../../support/sample-audits.ts";

export const deployed: WebhookTargets = { reach: "public", ports: [443] };
export const local: WebhookTargets = { reach: "public-and-loopback", ports: [443] };
export const message = { id: "evt_1", body: '{"merchant":"Café ☕"}' };

export const post = (webhookUrl: string, options: { deadlineMs?: number; resolve?: HostResolver } = {}) =>
  webhookSender(local, Date.now, options).send(aSubscription({ webhookUrl }), message);

export const resolvingTo =
  (...addresses: string[]): HostResolver =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
