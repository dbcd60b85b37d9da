import { identifier } from "../../core/shared/text.ts";
import type { SubscriptionStore } from "../../core/subscriptions/ports.ts";
import type { Subscription, SubscriptionKey } from "../../core/subscriptions/subscription.ts";
import { issuerOf } from "../../platform/http.ts";
import { type HttpError, httpError } from "../../platform/http-error.ts";

/** Finds the subscription in the path; `undefined` if its id is malformed. */
export function subscriptionKeyOf(request: { parameters: Record<string, string> }): SubscriptionKey {
  const id = identifier.safeParse(request.parameters.subscriptionId);
  if (!id.success) throw noSuchSubscription();
  return { organizationId: issuerOf(request), subscriptionId: id.data };
}

/** @throws HttpError 404 if it does not exist or belongs to another issuer */
export async function findSubscription(
  subscriptions: Pick<SubscriptionStore, "get">,
  request: { parameters: Record<string, string> },
): Promise<Subscription> {
  const { organizationId, subscriptionId } = subscriptionKeyOf(request);
  const found = await subscriptions.get(organizationId, subscriptionId);
  if (found === undefined) throw noSuchSubscription();
  return found;
}

export function noSuchSubscription(): HttpError {
  return httpError(404, "there is no such subscription");
}
