import type { z } from "zod";
import type { createSubscriptionsBody, rotateSecretBody } from "../functions/subscriptions-api/subscription-input.ts";
import {
  createdSubscriptions,
  newSecret,
  type shownSubscription,
  subscriptionList,
  testOutcome,
} from "../functions/subscriptions-api/subscription-shapes.ts";
import type { Api } from "./api.ts";
import { errorText } from "./api.ts";
import { Failure } from "./failure.ts";
import { readList, wholeList } from "./pages.ts";
import { callOf } from "./routes.ts";

export type ShownSubscription = z.output<typeof shownSubscription>;

type CreateSubscriptions = z.input<typeof createSubscriptionsBody>;
export type NewSubscription = CreateSubscriptions["data"][number]["attributes"];

/** An issuer's webhooks: their number is capped, so they come at once. */
export async function listSubscriptions(api: Api): Promise<ShownSubscription[]> {
  const call = callOf(api, "GET /v2/issuers/{organizationId}/subscriptions", {});
  return wholeList(await readList(api, subscriptionList, call, Number.POSITIVE_INFINITY));
}

/** Subscribes a webhook. The answer has the secret that verifies what is sent: it is not shown again. */
export async function createSubscription(api: Api, attributes: NewSubscription) {
  const body: CreateSubscriptions = { data: [{ type: "subscription", attributes }] };
  const call = callOf(api, "POST /v2/issuers/{organizationId}/subscriptions", {});
  const [created] = (await api.ask(createdSubscriptions, { ...call, body })).data;
  if (created === undefined) throw new Failure("refused", "nothing was made");
  return created;
}

/** Sends a signed ping and says what the endpoint answered. */
export async function testSubscription(api: Api, id: string) {
  const call = callOf(api, "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/test", {
    subscriptionId: id,
  });
  return (await api.ask(testOutcome, call)).data;
}

/** Gives a subscription a new secret; the former signs beside it for a day, or as long as it is said. */
export async function rotateSecret(api: Api, id: string, overlapSeconds: number | undefined) {
  const body: z.input<typeof rotateSecretBody> = { overlapSeconds };
  const call = callOf(api, "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/rotate-secret", {
    subscriptionId: id,
  });
  return (await api.ask(newSecret, { ...call, body })).data;
}

/** Deletes a subscription: nothing is sent to it any more. */
export async function deleteSubscription(api: Api, id: string): Promise<void> {
  const call = callOf(api, "DELETE /v2/issuers/{organizationId}/subscriptions/{subscriptionId}", {
    subscriptionId: id,
  });
  const { status, body } = await api.send(call);
  if (status >= 400) throw new Failure("refused", errorText(status, body));
}
