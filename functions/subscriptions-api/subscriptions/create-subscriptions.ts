import type { Clock } from "../../core/shared/ports.ts";
import { withOptions } from "../../core/subscriptions/delivery-options.ts";
import { eventsOf, kardEvent, newWebhookKey } from "../../core/subscriptions/kard-compatible.ts";
import type { SubscriptionStore } from "../../core/subscriptions/ports.ts";
import type { Subscription } from "../../core/subscriptions/subscription.ts";
import { newWebhookSecret } from "../../core/subscriptions/webhook-secret.ts";
import { addressOf, type EndpointDeps, type EndpointRefusal, endpointRefusal } from "./endpoint-input.ts";
import type { SubscriptionInput } from "./subscription-input.ts";

// `process.getBuiltinModule` loads less than an import (docs/decisions/0007).
const { isDeepStrictEqual } = process.getBuiltinModule("node:util");

export interface CreateSubscriptionsDeps extends EndpointDeps {
  subscriptions: Pick<SubscriptionStore, "create" | "delete" | "listInFull">;
  clock: Clock;
  randomBytes: (count: number) => Uint8Array;
  randomUuid: () => string;
}

export type CreateSubscriptionsOutcome =
  | { outcome: "created"; subscriptions: Subscription[] }
  | { outcome: "endpoints-refused"; refusals: (EndpointRefusal & { position: number })[] }
  /** The issuer has the same subscriptions to Kard's event already. */
  | { outcome: "exist"; conflicts: { position: number; subscriptionId: string }[] }
  | { outcome: "too-many"; most: number };

/** The maximum number of subscriptions of an issuer. Publishing reads all of them. */
const maxPerIssuer = 100;

/**
 * Creates subscriptions, each with its own signing secret. If one cannot be created, the earlier ones are deleted if
 * possible, because nobody has seen their secrets. A second enabled subscription to Kard's event with the same URL and
 * filters is refused: Kard's SDKs repeat a POST whose response was lost, and each status would be pushed twice.
 */
export function createSubscriptions(deps: CreateSubscriptionsDeps) {
  return async (organizationId: string, inputs: readonly SubscriptionInput[]): Promise<CreateSubscriptionsOutcome> => {
    const refusals = inputs.flatMap((input, position) => {
      const refusal = endpointRefusal(deps, organizationId, input);
      return refusal === undefined ? [] : [{ ...refusal, position }];
    });
    if (refusals.length > 0) return { outcome: "endpoints-refused", refusals };
    const existing = await deps.subscriptions.listInFull(organizationId);
    const conflicts = inputs.flatMap((input, position) => {
      const same = existing.find((each) => isSameOfKard(each, input));
      return same === undefined ? [] : [{ position, subscriptionId: same.subscriptionId }];
    });
    if (conflicts.length > 0) return { outcome: "exist", conflicts };
    if (existing.length + inputs.length > maxPerIssuer) return { outcome: "too-many", most: maxPerIssuer };
    const subscriptions = inputs.map((input) => newSubscription(deps, organizationId, input));
    try {
      for (const subscription of subscriptions) await deps.subscriptions.create(subscription);
    } catch (error) {
      // The failed one may have been created, too.
      await Promise.allSettled(
        subscriptions.map((each) => deps.subscriptions.delete(organizationId, each.subscriptionId, deps.clock())),
      );
      throw error;
    }
    return { outcome: "created", subscriptions };
  };
}

function isSameOfKard(existing: Subscription, { eventName, enabled, webhookUrl, filters }: SubscriptionInput): boolean {
  if (eventName !== kardEvent || existing.format !== "kard" || !enabled || !existing.enabled) return false;
  return existing.webhookUrl === webhookUrl && isDeepStrictEqual(existing.filters, filters);
}

function newSubscription(
  deps: CreateSubscriptionsDeps,
  organizationId: string,
  input: SubscriptionInput,
): Subscription {
  const { enabled, eventName, eventNames = ["audit.closed"], filters, headers, description } = input;
  const createdAt = deps.clock();
  return {
    ...{ webhookUrl: addressOf(input) ?? "", enabled },
    ...(eventName === undefined ? { eventNames } : eventsOf(eventName)),
    ...(filters === undefined ? {} : { filters }),
    ...(headers === undefined ? {} : { headers }),
    ...(description === undefined ? {} : { description }),
    ...withOptions({}, input),
    ...(enabled ? {} : { disabled: { at: createdAt, reason: "by-owner" } }),
    organizationId,
    subscriptionId: deps.randomUuid(),
    secrets: [{ secret: firstSecret(deps, input) }],
    createdAt,
    revision: 1,
    sequence: 0,
  };
}

function firstSecret({ randomBytes }: CreateSubscriptionsDeps, input: SubscriptionInput): string {
  if (input.eventName === kardEvent) return input.webhookKey ?? newWebhookKey(randomBytes);
  return input.secret ?? newWebhookSecret(randomBytes, input.signing);
}
