import { afterAll, expect, test } from "@jest/globals";
import * as z from "zod";
import { synthesize } from "../../../infra/local/synthesize.ts";
import { startDnsServer } from "../../support/webhooks/dns-server.ts";
import { auditFields, type Issuer } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";
import { subscribe } from "../support/webhooks/webhooks.ts";

const dns = await startDnsServer({
  "silent.example": "silent",
  "also-silent.example": "silent",
  "failing.example": "SERVFAIL",
});
afterAll(() => dns.stop());

const { newIssuer, newWebhookReceiver, kard, auditsAtKard, stack } = await startProduct({
  tickSeconds: never,
  push: false,
  synthesize,
  context: { webhookDnsServers: JSON.stringify([dns.server]) },
});

/** Unresolvable hosts, with the error that their owner sees. */
const broken = {
  "silent.example": "timeout",
  "also-silent.example": "timeout",
  "failing.example": "dns-failed",
  "foo.invalid": "host-not-found",
} as const;

const attempted = z.object({
  data: z.array(
    z.object({
      attributes: z.object({ attempts: z.number(), status: z.string(), errorMessage: z.string().optional() }),
    }),
  ),
});

async function notificationsOf(issuer: Issuer, subscriptionId: string) {
  const query = new URLSearchParams({ "filter[subscriptionId]": subscriptionId });
  const { json } = await issuer.call("GET", `/v2/issuers/${issuer.organizationId}/notifications?${query}`);
  return attempted.parse(json).data.map(({ attributes }) => attributes);
}

/** Files and closes audits of these issuers concurrently. */
async function closeAudits(issuers: readonly Issuer[], each: number) {
  await Promise.all(
    issuers.flatMap((issuer) =>
      Array.from({ length: each }, async () => {
        const fields = auditFields();
        const id = await issuer.file(fields);
        kard.closeAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
        await issuer.call("POST", `/v2/issuers/${issuer.organizationId}/audits/${id}/refresh`);
      }),
    ),
  );
}

test("a ping to an unresolvable host shows the reason", async () => {
  const issuer = await newIssuer();
  for (const [host, errorMessage] of Object.entries(broken)) {
    const { id } = await subscribe(issuer, `https://${host}/`);
    const path = `/v2/issuers/${issuer.organizationId}/subscriptions/${id}/test`;
    expect(await issuer.call("POST", path)).toMatchObject({
      status: 200,
      json: { data: { attributes: { delivered: false, errorMessage } } },
    });
  }
});

test("unresolvable hosts fail only their own deliveries, which are recorded", async () => {
  const [ill, well] = [await newIssuer(), await newIssuer()];
  const subscriptions: { id: string }[] = [];
  for (const host of Object.keys(broken)) subscriptions.push(await subscribe(ill, `https://${host}/`));
  const receiver = await newWebhookReceiver();
  const { id } = await subscribe(well, receiver.url);

  await closeAudits([ill, well], 5);
  await until("the healthy issuer has all", () => receiver.received.length === 5);
  await until("all of it is on record", async () => {
    const delivered = (await notificationsOf(well, id)).filter(({ status }) => status === "delivered");
    return delivered.length === 5;
  });
  // Each webhook arrived once, because no delivery was interrupted.
  expect((await notificationsOf(well, id)).map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1]);
  expect(receiver.received).toHaveLength(5);

  for (const [index, errorMessage] of Object.values(broken).entries()) {
    await until(`the attempts at host ${index} are on record`, async () => {
      const all = await notificationsOf(ill, subscriptions[index]?.id ?? "");
      return all.some((one) => one.attempts > 0 && one.errorMessage === errorMessage);
    });
  }
  expect(stack.logs.map(({ line }) => line).filter((line) => line.includes("a message failed and returns"))).toEqual(
    [],
  );
});
