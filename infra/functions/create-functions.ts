import type { Construct } from "constructs";
import { AuditsApi } from "./audits-api.ts";
import { DeliverWebhooks } from "./deliver-webhooks.ts";
import { KardWebhook } from "./kard-webhook.ts";
import type { Parts } from "./parts.ts";
import { PollAudits } from "./poll-audits.ts";
import { SubscriptionsApi } from "./subscriptions-api.ts";
import { SweepOutbox } from "./sweep-outbox.ts";

/** The six functions of a tracker. */
export function createFunctions(scope: Construct, parts: Parts) {
  return {
    auditsApi: new AuditsApi(scope, "AuditsApi", parts),
    subscriptionsApi: new SubscriptionsApi(scope, "SubscriptionsApi", parts),
    kardWebhook: new KardWebhook(scope, "KardWebhook", parts),
    pollAudits: new PollAudits(scope, "PollAudits", parts),
    sweepOutbox: new SweepOutbox(scope, "SweepOutbox", parts),
    deliverWebhooks: new DeliverWebhooks(scope, "DeliverWebhooks", parts),
  };
}
