import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import type { SubscriptionAttributes } from "../http/requests.ts";

const subscriptionRow = z.object({
  id: z.string(),
  eventName: z.string(),
  webhookUrl: z.string(),
  enabled: z.number().transform((enabled) => enabled === 1),
});
export type SandboxSubscription = z.infer<typeof subscriptionRow>;

export type SandboxSubscriptions = ReturnType<typeof createSubscriptions>;

/** A subscription of an organization to Kard's events. */
export function createSubscriptions(database: DatabaseSync) {
  const insert = database.prepare(`
    INSERT INTO subscriptions (id, organizationId, eventName, webhookUrl, enabled) VALUES (?, ?, ?, ?, ?)`);
  const select = database.prepare("SELECT * FROM subscriptions WHERE organizationId = ? ORDER BY number");
  const update = database.prepare("UPDATE subscriptions SET eventName = ?, webhookUrl = ?, enabled = ? WHERE id = ?");

  function list(organizationId: string): SandboxSubscription[] {
    return select.all(organizationId).map((row) => subscriptionRow.parse(row));
  }

  return {
    list,
    enabledFor: (organizationId: string, eventName: string) =>
      list(organizationId).filter((subscription) => subscription.enabled && subscription.eventName === eventName),

    create(organizationId: string, { eventName, webhookUrl, enabled }: SubscriptionAttributes): SandboxSubscription {
      const id = randomUUID();
      insert.run(id, organizationId, eventName, webhookUrl, Number(enabled));
      return { id, eventName, webhookUrl, enabled };
    },

    change(organizationId: string, id: string, changes: Partial<SubscriptionAttributes>) {
      const found = list(organizationId).find((subscription) => subscription.id === id);
      if (found === undefined) return undefined;
      const changed = { ...found, ...changes };
      update.run(changed.eventName, changed.webhookUrl, Number(changed.enabled), id);
      return changed;
    },
  };
}
