import { expect } from "@jest/globals";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import * as z from "zod";
import type { Issuer } from "../issuer.ts";
import type { ReceivedWebhook } from "./webhook-receiver.ts";

const created = z.object({
  data: z.tuple([z.object({ id: z.string(), attributes: z.looseObject({ secret: z.string() }) })]),
});

/** Creates a webhook subscription. Returns its id and signing secret. */
export async function subscribe(
  issuer: Issuer,
  webhookUrl: string,
  eventNames?: readonly string[],
): Promise<{ id: string; secret: string }> {
  const attributes = { webhookUrl, ...(eventNames === undefined ? {} : { eventNames }) };
  const { status, json } = await issuer.call("POST", `/v2/issuers/${issuer.organizationId}/subscriptions`, {
    body: { data: [{ type: "subscription", attributes }] },
  });
  expect(status).toBe(201);
  const [subscription] = created.parse(json).data;
  return { id: subscription.id, secret: subscription.attributes.secret };
}

const event = z.looseObject({
  id: z.string(),
  type: z.string(),
  data: z.looseObject({
    id: z.string(),
    sequence: z.number(),
    attributes: z.looseObject({ status: z.string() }),
  }),
});
export type ReceivedEvent = z.infer<typeof event>;

/** Verifies a webhook with the two libraries that subscribers use. */
export function expectSigned({ headers, body }: Pick<ReceivedWebhook, "headers" | "body">, secret: string): void {
  const asSent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  expect(() => new StandardWebhook(secret).verify(body, asSent)).not.toThrow();
  expect(() => new SvixWebhook(secret).verify(body, asSent)).not.toThrow();
  expect(JSON.parse(body)).toMatchObject({ id: headers["webhook-id"] });
}

/** Verifies a webhook and returns its audit event. */
export function verified(webhook: ReceivedWebhook, secret: string): ReceivedEvent {
  expectSigned(webhook, secret);
  return event.parse(JSON.parse(webhook.body));
}
