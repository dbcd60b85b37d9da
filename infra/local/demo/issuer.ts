import { request } from "undici";
import * as z from "zod";
import type { LocalOutputs } from "../local-tracker.ts";
import type { Dispute } from "./disputes.ts";
import { type Figures, figures } from "./figures.ts";

const created = z
  .object({ data: z.array(z.object({ id: z.string() })).length(1) })
  .transform(({ data }) => data[0]?.id);
const legacyCreated = z.object({ _id: z.string() }).transform(({ _id: id }) => id);
const subscribed = z
  .object({ data: z.array(z.object({ attributes: z.object({ secret: z.string() }) })).length(1) })
  .transform(({ data }) => data[0]?.attributes.secret);

/** An issuer's backend: a client of the tracker's API. */
export function issuerOf({ ApiUrl, ApiKey, OrganizationId }: LocalOutputs) {
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const response = await request(ApiUrl + path, {
      method: "POST",
      headers: { authorization: `Bearer ${ApiKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.body.text();
    if (response.statusCode >= 300) throw new Error(`POST ${path} failed with ${response.statusCode}: ${text}`);
    return JSON.parse(text);
  };

  return {
    /** Files one dispute and returns the audit's id. */
    async file({ userId, ...given }: Dispute): Promise<string> {
      const dispute = { ...given, currency: "USD", reference: `CASE-${given.transactionId}` };
      if (userId === undefined) {
        return legacyCreated.parse(await post("/transactions/audit", { ...dispute, issuer: "Meridian Bank" }));
      }
      const { preferredContactEmail: _email, ...attributes } = dispute;
      const path = `/v2/issuers/${OrganizationId}/users/${userId}/audits`;
      return created.parse(await post(path, { data: [{ type: "audit", attributes }] })) ?? "";
    },

    /** Reads the issuer's figures. */
    async figures(): Promise<Figures> {
      const path = `/v2/issuers/${OrganizationId}/stats`;
      const response = await request(ApiUrl + path, { headers: { authorization: `Bearer ${ApiKey}` } });
      return figures.parse(await response.body.json());
    },

    /** Subscribes a webhook and returns its signing secret. */
    async subscribe(webhookUrl: string): Promise<string> {
      const attributes = { webhookUrl, eventNames: ["audit.in_progress", "audit.closed"] };
      const body = { data: [{ type: "subscription", attributes }] };
      return subscribed.parse(await post(`/v2/issuers/${OrganizationId}/subscriptions`, body)) ?? "";
    },
  };
}
