import type * as z from "zod";
import type { EventName } from "../../functions/core/events/events.ts";
import type {
  createSubscriptionsBody,
  rotateSecretBody,
  testBody,
} from "../../functions/subscriptions-api/subscriptions/subscription-input.ts";
import {
  createdSubscriptions,
  newSecret,
  subscriptionList,
  type subscriptionShape,
  testOutcome,
} from "../../functions/subscriptions-api/subscriptions/subscription-shapes.ts";
import { Failure } from "../failure.ts";
import type { Api } from "./api.ts";
import { errorText } from "./api.ts";
import { readList, wholeList } from "./pages.ts";
import { callOf } from "./routes.ts";

export type SubscriptionResource = z.output<typeof subscriptionShape>;

type CreateSubscriptions = z.input<typeof createSubscriptionsBody>;
export type NewSubscription = CreateSubscriptions["data"][number]["attributes"];

/** Lists an issuer's subscriptions. Their number is limited, so there are no pages. */
export async function listSubscriptions(api: Api): Promise<SubscriptionResource[]> {
  const call = callOf(api, "GET /v2/issuers/{organizationId}/subscriptions", {});
  return wholeList(await readList(api, subscriptionList, call, Number.POSITIVE_INFINITY));
}

/** Creates a subscription. Its secret is shown only in this response. */
export async function createSubscription(api: Api, attributes: NewSubscription) {
  const body: CreateSubscriptions = { data: [{ type: "subscription", attributes }] };
  const call = callOf(api, "POST /v2/issuers/{organizationId}/subscriptions", {});
  const [created] = (await api.ask(createdSubscriptions, { ...call, body })).data;
  if (created === undefined) throw new Failure("refused", "nothing was created");
  return created;
}

/** Sends a ping or an example of an event, signed, and returns the endpoint's response. */
export async function testSubscription(api: Api, id: string, eventName?: EventName) {
  const body: z.input<typeof testBody> = { eventName };
  const call = callOf(api, "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/test", {
    subscriptionId: id,
  });
  return (await api.ask(testOutcome, { ...call, body })).data;
}

/** Rotates the secret. The earlier one keeps signing for a day, or as long as given. */
export async function rotateSecret(api: Api, id: string, overlapSeconds: number | undefined) {
  const body: z.input<typeof rotateSecretBody> = { overlapSeconds };
  const call = callOf(api, "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/rotate-secret", {
    subscriptionId: id,
  });
  return (await api.ask(newSecret, { ...call, body })).data;
}

/** Deletes a subscription. */
export async function deleteSubscription(api: Api, id: string): Promise<void> {
  const call = callOf(api, "DELETE /v2/issuers/{organizationId}/subscriptions/{subscriptionId}", {
    subscriptionId: id,
  });
  const { status, body } = await api.send(call);
  if (status >= 400) throw new Failure("refused", errorText(status, body));
}
