import { type ReleaseDeps, releaseHeld } from "../core/notifications/held-notifications.ts";
import type { DeliveryRow } from "../core/notifications/ports.ts";
import { changeSubscription } from "../core/subscriptions/change-subscription.ts";
import { withOptions } from "../core/subscriptions/delivery-options.ts";
import { setEnabled, withWebhookUrl } from "../core/subscriptions/endpoint-health.ts";
import { eventsOf, kardEvent } from "../core/subscriptions/kard-compatible.ts";
import type { SubscriptionStore } from "../core/subscriptions/ports.ts";
import type { Subscription, SubscriptionKey } from "../core/subscriptions/subscription.ts";
import { type WebhookTargets, webhookUrlError } from "../core/subscriptions/webhook-url.ts";
import type { SubscriptionChange } from "./subscription-input.ts";

export type UpdateOutcome =
  | { outcome: "updated"; subscription: Subscription }
  | { outcome: "url-refused"; reason: string }
  /** A subscription to Kard's event cannot become another kind, nor the reverse, because their keys differ. */
  | { outcome: "event-refused"; field: "eventName" | "eventNames" | "payload" }
  | { outcome: "missing" };

export interface UpdateSubscriptionDeps extends ReleaseDeps {
  subscriptions: Pick<SubscriptionStore, "get" | "update">;
  webhookTargets: WebhookTargets;
}

/** How long enabling a subscription may send held notifications before the response, in milliseconds. */
const releaseMs = 2_000;

/** Updates a subscription. Enabling it sends its held notifications. */
export function updateSubscription(deps: UpdateSubscriptionDeps) {
  return async (key: SubscriptionKey, change: SubscriptionChange): Promise<UpdateOutcome> => {
    const { webhookUrl, enabled } = change;
    const reason = webhookUrl === undefined ? undefined : webhookUrlError(webhookUrl, deps.webhookTargets);
    if (reason !== undefined) return { outcome: "url-refused", reason };
    let isSwitchedOn = false;
    let field: "eventName" | "eventNames" | "payload" | undefined;
    const changed = await changeSubscription(deps.subscriptions)(key, (stored) => {
      field = unfitEvent(stored, change);
      if (field !== undefined) return undefined;
      isSwitchedOn = enabled === true && !stored.enabled;
      const altered = withChange(stored, change);
      return enabled === undefined ? altered : setEnabled(altered, enabled, deps.clock());
    });
    if (changed === undefined) return { outcome: "missing" };
    if (field !== undefined) return { outcome: "event-refused", field };
    if (isSwitchedOn) await releaseSome(deps, key);
    return { outcome: "updated", subscription: changed.subscription };
  };
}

/** Sends held notifications for a moment while the caller waits. The sweep sends the rest and what failed. */
async function releaseSome(deps: UpdateSubscriptionDeps, key: SubscriptionKey): Promise<void> {
  const stopAt = deps.clock() + releaseMs;
  let after: DeliveryRow | undefined;
  do {
    const page = await releaseHeld(deps)(key, after);
    after = page.failures.length > 0 ? undefined : page.next;
  } while (after !== undefined && deps.clock() < stopAt);
}

function withChange(stored: Subscription, change: SubscriptionChange): Subscription {
  const { webhookUrl = stored.webhookUrl, eventName, eventNames = stored.eventNames } = change;
  const { filters, headers, description, payload, retrySchedule, ordered, ...rest } = withWebhookUrl(
    stored,
    webhookUrl,
  );
  return {
    ...rest,
    ...withOptions({ payload, retrySchedule, ordered }, change),
    ...(eventName === undefined ? { eventNames } : eventsOf(eventName)),
    ...kept("filters", filters, change.filters),
    ...kept("headers", headers, change.headers),
    ...kept("description", description, change.description),
  };
}

function unfitEvent({ format }: Subscription, { eventName, eventNames, payload }: SubscriptionChange) {
  if (payload !== undefined && format === "kard") return "payload";
  if (eventName !== undefined && (eventName === kardEvent) !== (format === "kard")) return "eventName";
  return eventNames !== undefined && format === "kard" ? "eventNames" : undefined;
}

/** Absent fields stay; `null` removes a field. */
function kept<Name extends string, Value>(name: Name, stored: Value | undefined, changed: Value | null | undefined) {
  const value = changed === undefined ? stored : changed;
  return (value === undefined || value === null ? {} : { [name]: value }) as { [name in Name]?: Value };
}
