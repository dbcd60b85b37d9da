import { request } from "undici";
import type { LocalOutputs } from "../../infra/local/local-tracker.ts";

/** Subscribes a webhook to closed audits through the API. */
export async function subscribe(
  { ApiUrl, ApiKey, OrganizationId }: LocalOutputs,
  webhookUrl: string,
): Promise<{ subscriptionId: string; secret: string }> {
  const { statusCode, body } = await request(`${ApiUrl}/v2/issuers/${OrganizationId}/subscriptions`, {
    method: "POST",
    headers: { authorization: `Bearer ${ApiKey}`, "content-type": "application/json" },
    body: JSON.stringify({
      data: [{ type: "subscription", attributes: { webhookUrl, eventNames: ["audit.closed"] } }],
    }),
  });
  const response = (await body.json()) as { data?: [{ id: string; attributes: { secret: string } }] };
  if (response.data === undefined)
    throw new Error(`subscribing was answered ${statusCode}: ${JSON.stringify(response)}`);
  const [{ id, attributes }] = response.data;
  return { subscriptionId: id, secret: attributes.secret };
}
