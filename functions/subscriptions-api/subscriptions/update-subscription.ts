import { type ReleaseDeps, releaseHeld } from "../../core/notifications/held-notifications.ts";
import type { DeliveryRow } from "../../core/notifications/ports.ts";
import { readTarget } from "../../core/subscriptions/aws-target.ts";
import { changeSubscription } from "../../core/subscriptions/change-subscription.ts";
import { withOptions } from "../../core/subscriptions/delivery-options.ts";
import { setEnabled, withWebhookUrl } from "../../core/subscriptions/endpoint-health.ts";
import { eventsOf, kardEvent } from "../../core/subscriptions/kard-compatible.ts";
import type { SubscriptionStore } from "../../core/subscriptions/ports.ts";
import type { Subscription, SubscriptionKey } from "../../core/subscriptions/subscription.ts";
import { addressOf, type EndpointDeps, type EndpointRefusal, endpointRefusal } from "./endpoint-input.ts";
import type { SubscriptionChange } from "./subscription-input.ts";

export type UpdateOutcome =
  | { outcome: "updated"; subscription: Subscription }
  | ({ outcome: "endpoint-refused" } & EndpointRefusal)
  /** The change does not fit what is stored. */
  | { outcome: "unfit"; field: UnfitField }
  | { outcome: "missing" };

/**
 * Fields that may not fit a subscription: one to Kard's event cannot become another kind, nor the reverse, because
 * their keys differ; and it has no target. A target gets no headers. Stored headers may be credentials of the receiver,
 * so they are not sent to another origin unless the change has them.
 */
export type UnfitField = "eventName" | "eventNames" | "payload" | "target" | "headers";

export interface UpdateSubscriptionDeps extends ReleaseDeps, EndpointDeps {
  subscriptions: Pick<SubscriptionStore, "get" | "update">;
}

/** How long enabling a subscription may send held notifications before the response, in milliseconds. */
const releaseMs = 2_000;

/** Updates a subscription. Enabling it sends its held notifications. */
export function updateSubscription(deps: UpdateSubscriptionDeps) {
  return async (key: SubscriptionKey, change: SubscriptionChange): Promise<UpdateOutcome> => {
    const { enabled } = change;
    const refusal = endpointRefusal(deps, key.organizationId, change);
    if (refusal !== undefined) return { outcome: "endpoint-refused", ...refusal };
    let isSwitchedOn = false;
    let field: UnfitField | undefined;
    const changed = await changeSubscription(deps.subscriptions)(key, (stored) => {
      field = unfitField(stored, change);
      if (field !== undefined) return undefined;
      isSwitchedOn = enabled === true && !stored.enabled;
      const altered = withChange(stored, change);
      return enabled === undefined ? altered : setEnabled(altered, enabled, deps.clock());
    });
    if (changed === undefined) return { outcome: "missing" };
    if (field !== undefined) return { outcome: "unfit", field };
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
  const { eventName, eventNames = stored.eventNames } = change;
  const { filters, headers, description, payload, retrySchedule, ordered, maxPerSecond, ...rest } = withWebhookUrl(
    stored,
    addressOf(change) ?? stored.webhookUrl,
  );
  return {
    ...rest,
    ...withOptions({ payload, retrySchedule, ordered, maxPerSecond }, change),
    ...(eventName === undefined ? { eventNames } : eventsOf(eventName)),
    ...kept("filters", filters, change.filters),
    ...kept("headers", headers, change.headers),
    ...kept("description", description, change.description),
  };
}

function unfitField(stored: Subscription, change: SubscriptionChange): UnfitField | undefined {
  const { eventName, eventNames, payload } = change;
  const isKards = stored.format === "kard";
  if (payload !== undefined && isKards) return "payload";
  if (eventName !== undefined && (eventName === kardEvent) !== isKards) return "eventName";
  if (eventNames !== undefined && isKards) return "eventNames";
  if (change.target !== undefined && isKards) return "target";
  const address = addressOf(change) ?? stored.webhookUrl;
  const { headers = stored.headers ?? null } = change;
  if (headers === null) return undefined;
  const isMoved = () => change.headers === undefined && new URL(address).origin !== new URL(stored.webhookUrl).origin;
  return readTarget(address) !== undefined || isMoved() ? "headers" : undefined;
}

/** Absent fields stay; `null` removes a field. */
function kept<Name extends string, Value>(name: Name, stored: Value | undefined, changed: Value | null | undefined) {
  const value = changed === undefined ? stored : changed;
  return (value === undefined || value === null ? {} : { [name]: value }) as { [name in Name]?: Value };
}
