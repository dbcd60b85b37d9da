import { request } from "undici";
import { z } from "zod";

const token = z.object({ access_token: z.string() });
const subscriptions = z.object({
  data: z.array(z.object({ id: z.string(), attributes: z.object({ webhookUrl: z.string(), enabled: z.boolean() }) })),
});

const eventName = "auditUpdate";

/**
 * Has Kard push `auditUpdate` to a URL: subscribes it, or points the subscription that is there already at it
 * (Kard's notification guide).
 *
 * @throws Error when Kard does not take the credentials or the subscription
 */
export async function subscribeToKardPush(options: {
  url: string;
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  organizationId: string;
  webhookUrl: string;
}): Promise<void> {
  const { organizationId, webhookUrl, clientId, clientSecret } = options;
  const granted = await call(
    options.tokenUrl,
    "POST",
    {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    "grant_type=client_credentials",
  );
  const headers = {
    authorization: `Bearer ${token.parse(granted).access_token}`,
    "content-type": "application/json",
  };
  const base = `${options.url}/v2/issuers/${encodeURIComponent(organizationId)}/subscriptions`;
  const listed = subscriptions.parse(await call(`${base}?filter[eventName]=${eventName}`, "GET", headers));
  const attributes = { eventName, webhookUrl, enabled: true };
  const [existing] = listed.data;
  if (existing === undefined) {
    await call(base, "POST", headers, JSON.stringify({ data: [{ type: "subscription", attributes }] }));
  } else if (existing.attributes.webhookUrl !== webhookUrl || !existing.attributes.enabled) {
    await call(
      `${base}/${existing.id}`,
      "PATCH",
      headers,
      JSON.stringify({ data: { type: "subscription", attributes } }),
    );
  }
}

async function call(url: string, method: "GET" | "POST" | "PATCH", headers: Record<string, string>, body?: string) {
  const answer = await request(url, { method, headers, body: body ?? null, signal: AbortSignal.timeout(10_000) });
  const text = await answer.body.text();
  if (answer.statusCode >= 300)
    throw new Error(`Kard answers ${answer.statusCode} to ${method} ${new URL(url).pathname}`);
  return JSON.parse(text) as unknown;
}
