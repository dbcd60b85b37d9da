import type { z } from "zod";
import {
  createdSubscriptions,
  newSecret,
  shownSubscription,
  testOutcome,
} from "../functions/subscriptions-api/subscription-shapes.ts";
import type { Api } from "./api.ts";
import { errorText } from "./api.ts";
import { Failure } from "./failure.ts";
import { pathOf, readList } from "./pages.ts";

export type ShownSubscription = z.output<typeof shownSubscription>;

export interface NewSubscription {
  webhookUrl: string;
  eventNames?: string[] | undefined;
  description?: string | undefined;
  signing?: string | undefined;
}

/** An issuer's webhooks: their number is capped, so they come at once. */
export function listSubscriptions(api: Api): Promise<ShownSubscription[]> {
  return readList(api, shownSubscription, pathOf(api, "subscriptions"), Number.POSITIVE_INFINITY);
}

/** Subscribes a webhook. The answer has the secret that verifies what is sent: it is not shown again. */
export async function createSubscription(api: Api, attributes: NewSubscription) {
  const body = { data: [{ type: "subscription", attributes }] };
  const path = pathOf(api, "subscriptions");
  const [created] = (await api.ask(createdSubscriptions, { method: "POST", path, body })).data;
  if (created === undefined) throw new Failure("refused", "nothing was made");
  return created;
}

/** Sends a signed ping and says what the endpoint answered. */
export async function testSubscription(api: Api, id: string) {
  return (await api.ask(testOutcome, { method: "POST", path: pathOf(api, "subscriptions", id, "test") })).data;
}

/** Gives a subscription a new secret; the former signs beside it for a day, or as long as it is said. */
export async function rotateSecret(api: Api, id: string, overlapSeconds: number | undefined) {
  const path = pathOf(api, "subscriptions", id, "rotate-secret");
  return (await api.ask(newSecret, { method: "POST", path, body: { overlapSeconds } })).data;
}

/** Deletes a subscription: nothing is sent to it any more. */
export async function deleteSubscription(api: Api, id: string): Promise<void> {
  const { status, body } = await api.send({ method: "DELETE", path: pathOf(api, "subscriptions", id) });
  if (status >= 400) throw new Failure("refused", errorText(status, body));
}
