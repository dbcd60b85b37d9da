import { createHmac } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { auditUpdate } from "../../../support/kard/kard-push.ts";
import { audits, authorized, creation, start, startWebhook, until, webhookKey } from "./running-sandbox.ts";

describe("notifications", () => {
  async function subscribed(status: () => number) {
    const { kard, sandbox } = await start();
    const token = await authorized(kard);
    const webhook = await startWebhook(status);
    const subscriptions = "/v2/issuers/organization-123/subscriptions";
    const attributes = { eventName: "auditUpdate", webhookUrl: webhook.url, enabled: true };
    const made = await kard("POST", subscriptions, { data: [{ type: "subscription", attributes }] }, token);
    const audit = await kard("POST", audits, creation("t"), token);
    const history = async (query = "") =>
      (await kard("GET", `/v2/issuers/organization-123/notifications${query}`, undefined, token)).body.data;
    return { kard, sandbox, token, webhook, id: audit.body.data[0].id, subscriptions, made, history };
  }

  test("every change of status is pushed with a signature, and recorded", async () => {
    const { webhook, sandbox, id, history } = await subscribed(() => 200);
    sandbox.startAudit(id);
    sandbox.closeAudit(id);
    const delivered = await until(async () => {
      const all = await history("?filter[status]=delivered");
      return all.length === 2 && all;
    });
    expect(delivered[0].attributes).toMatchObject({ eventName: "auditUpdate", attempts: 1, statusCode: 200 });
    for (const { body, signature } of webhook.received) {
      expect(auditUpdate.parse(JSON.parse(body)).data.relationships.audit.data.id).toBe(id);
      expect(signature).toBe(createHmac("sha256", webhookKey).update(body).digest("base64"));
    }
    expect(await history("?page[size]=1")).toHaveLength(1);
    expect(await history("?filter[eventName]=clawback")).toEqual([]);
  });

  test("a failed push is retried, exhausted, and can be replayed", async () => {
    let status = 500;
    const { kard, token, webhook, sandbox, id, history, subscriptions, made } = await subscribed(() => status);
    sandbox.closeAudit(id);
    const [failed] = await until(async () => {
      const all = await history("?filter[status]=delivery_failed");
      return all[0]?.attributes.attempts === 3 && all;
    });
    expect(webhook.received).toHaveLength(3);
    status = 204;
    const replay = `/v2/issuers/organization-123/notifications/${failed.id}/replay`;
    expect(await kard("POST", replay, undefined, token)).toMatchObject({ status: 202 });
    await until(async () => (await history("?filter[status]=delivered")).length === 1);
    const change = { data: { type: "subscription", attributes: { enabled: false } } };
    await kard("PATCH", `${subscriptions}/${made.body.data[0].id}`, change, token);
    expect(await kard("POST", replay, undefined, token)).toMatchObject({ status: 409 });
    expect(await kard("GET", subscriptions, undefined, token)).toMatchObject({
      body: { data: [{ attributes: { enabled: false } }] },
    });
  });
});
