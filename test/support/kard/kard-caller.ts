import { request } from "undici";
import * as z from "zod";
import type { KardSandbox } from "../../../infra/local/kard-sandbox/kard-sandbox.ts";

const granted = z.object({ access_token: z.string() });
const subscriptions = z.object({
  data: z.array(z.object({ id: z.string(), attributes: z.object({ webhookUrl: z.string(), enabled: z.boolean() }) })),
});
const notifications = z.object({
  data: z.array(z.object({ attributes: z.object({ eventId: z.string(), status: z.string(), attempts: z.number() }) })),
});

/** Calls a Kard sandbox like an issuer's backend, and returns the JSON of a 2xx. */
export async function callKard(
  kard: Pick<KardSandbox, "url" | "tokenUrl">,
  method: "GET" | "POST" | "PATCH",
  path: string,
  body?: unknown,
): Promise<unknown> {
  const token = await request(kard.tokenUrl, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from("sandbox-client:sandbox-secret").toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials",
  });
  const { access_token: accessToken } = granted.parse(await token.body.json());
  const response = await request(kard.url + path, {
    method,
    headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.body.text();
  if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${response.statusCode} ${text}`);
  return JSON.parse(text);
}

/** The sandbox's push settings of an issuer, as an operator sees and changes them. */
export function pushesAtKard(kard: Pick<KardSandbox, "url" | "tokenUrl">, organizationId: string) {
  const issuer = `/v2/issuers/${organizationId}`;
  const path = `${issuer}/subscriptions`;
  return {
    async subscriptions() {
      return subscriptions.parse(await callKard(kard, "GET", path)).data;
    },
    async subscribe(webhookUrl: string, eventName = "auditUpdate") {
      const attributes = { eventName, webhookUrl, enabled: true };
      await callKard(kard, "POST", path, { data: [{ type: "subscription", attributes }] });
    },
    async disable(id: string) {
      const data = { type: "subscription", attributes: { enabled: false } };
      await callKard(kard, "PATCH", `${path}/${id}`, { data });
    },
    /** The pushes and attempted pushes, most recent first. */
    async notifications() {
      const { data } = notifications.parse(await callKard(kard, "GET", `${issuer}/notifications`));
      return data.map(({ attributes }) => attributes);
    },
  };
}
