import * as z from "zod";
import type { Issuer } from "../issuer.ts";

export const resource = z.looseObject({ id: z.string(), attributes: z.looseObject({}) });
export const one = z.object({ data: resource });
const many = z.object({ data: z.array(resource) });

export const subscriptionPath = (issuer: Issuer, id: string) => `${subscriptionsPath(issuer)}/${id}`;
export const notificationsPath = ({ organizationId }: Issuer) => `/v2/issuers/${organizationId}/notifications`;

/** The path of an issuer's subscriptions. */
export const subscriptionsPath = ({ organizationId }: Issuer) => `/v2/issuers/${organizationId}/subscriptions`;

/** Creates subscriptions, and returns the response. */
export const createSubscriptions = (issuer: Issuer, ...all: Record<string, unknown>[]) =>
  issuer.call("POST", subscriptionsPath(issuer), {
    body: { data: all.map((attributes) => ({ type: "subscription", attributes })) },
  });

/** The body of a create response. */
export const created = z.object({
  data: z.array(z.object({ id: z.string(), attributes: z.looseObject({ secret: z.string().optional() }) })),
});

/** Creates one subscription that is accepted. */
export async function createSubscription(issuer: Issuer, attributes: Record<string, unknown>) {
  const [one] = created.parse((await createSubscriptions(issuer, attributes)).json).data;
  return one ?? { id: "", attributes: {} };
}

/** Changes a subscription, and returns the response. */
export const changeSubscription = (issuer: Issuer, id: string, attributes: Record<string, unknown>) =>
  issuer.call("PATCH", subscriptionPath(issuer, id), { body: { data: { type: "subscription", attributes } } });

/** The attributes of a subscription. */
export async function getSubscription(issuer: Issuer, id: string) {
  return one.parse((await issuer.call("GET", subscriptionPath(issuer, id))).json).data.attributes;
}

/** The first page of an issuer's notifications. */
export async function listNotifications(issuer: Issuer, query: Record<string, string> = {}) {
  const { json } = await issuer.call("GET", `${notificationsPath(issuer)}?${new URLSearchParams(query)}`);
  return many.parse(json).data;
}
