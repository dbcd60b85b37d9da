import { randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { isKardSignature } from "../../../functions/core/kard/kard-signature.ts";
import { auditUpdate } from "../../support/kard/kard-push.ts";
import { auditFields } from "../support/issuer.ts";
import { audit, auditsOf, hostAt, subscriptionOf, subscriptionsOf } from "../support/kard/kard-requests.ts";
import { type KardHost, kardSdk } from "../support/kard/kard-sdk.ts";
import { kardAudits, kardSubscriptions } from "../support/kard/kard-sdk-shapes.ts";
import { startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";
import type { WebhookReceiver } from "../support/webhooks/webhook-receiver.ts";

// A program that was written against Kard's documented API alone, at Kard and at the tracker.

const { newIssuer, newWebhookReceiver, outputs, kard, auditsAtKard } = await startProduct({ push: false });

const hostOf = hostAt(outputs.ApiUrl);

const webhookKey = "the-key-that-the-receiver-has";

/** A busy machine takes its time. */
const withinMs = 180_000;

const pushed = ({ received }: WebhookReceiver, status: string) =>
  received.find(({ body }) => auditUpdate.parse(JSON.parse(body)).data.attributes.status === status);

/** What a program sees that was written against Kard's documented API alone. */
async function program(
  host: KardHost,
  organizationId: string,
  receiver: WebhookReceiver,
  key: string,
  operator: { onSubscribed: (id: string) => Promise<void>; resolve: (transactionId: string) => void },
) {
  const client = kardSdk(host);
  const subscribed = await client.call(
    ...(["POST", subscriptionsOf(organizationId)] as const),
    subscriptionOf({ eventName: "auditUpdate", webhookUrl: receiver.url, enabled: true }),
  );
  const [subscription] = kardSubscriptions.parse(subscribed.json).data;
  await operator.onSubscribed(subscription?.id ?? "");
  const fields = auditFields();
  const created = await client.call("POST", auditsOf(organizationId), audit(fields));
  const id = kardAudits.parse(created.json).data[0]?.id ?? "";
  const status = async () => (await client.call("GET", `/transactions/audit/${id}`)).json;
  const shown = z.object({ status: z.string(), transactionId: z.string(), resolutionCode: z.int().nullish() });
  const before = shown.parse(await status());
  operator.resolve(fields.transactionId);
  const closing = await until("its end is pushed", () => pushed(receiver, "CLOSED"), withinMs);
  const push = auditUpdate.parse(JSON.parse(closing.body)).data;
  return {
    subscription: { status: subscribed.status, attributes: subscription?.attributes },
    created: created.status,
    before: { status: before.status, isSame: before.transactionId === fields.transactionId },
    after: z.object({ status: z.string(), resolutionCode: z.int() }).parse(await status()),
    push: {
      ...push.attributes,
      transactionId: push.attributes.transactionId === fields.transactionId,
      resolutionTimeStamp: typeof push.attributes.resolutionTimeStamp,
      user: push.relationships.user,
      isOfTheAudit: push.relationships.audit.data.id === id,
      isSigned: isKardSignature(key, Buffer.from(closing.body), String(closing.headers["notify-signature"])),
      // Kard's recipe for receivers.
      isSignedAsParsed: isKardSignature(
        key,
        Buffer.from(JSON.stringify(JSON.parse(closing.body))),
        String(closing.headers["notify-signature"]),
      ),
    },
  };
}

function resolveAtKard(transactionId: string): void {
  const [atKard] = auditsAtKard(transactionId);
  kard.startAudit(atKard?.id ?? "");
  kard.closeAudit(atKard?.id ?? "", { resolutionCode: 5004, resolutionDescription: "Reward dispute resolved" });
}

test("one program has the same results at Kard and, with another host and credentials, at the tracker", async () => {
  const issuer = await newIssuer();
  const receivers = [await newWebhookReceiver(), await newWebhookReceiver()] as const;
  const organizationId = `organization-${randomUUID()}`;
  const atKard = { url: kard.url, clientId: "sandbox-client", clientSecret: "sandbox-secret" };
  const first = await program(atKard, organizationId, receivers[0], "sandbox-webhook-key", {
    onSubscribed: async () => undefined,
    resolve: resolveAtKard,
  });
  const second = await program(hostOf(issuer), issuer.organizationId, receivers[1], webhookKey, {
    // The webhook key is a credential, too: the issuer gives the tracker the key that its receiver verifies with.
    async onSubscribed(id) {
      const path = `${subscriptionsOf(issuer.organizationId)}/${id}/rotate-secret`;
      expect(await issuer.call("POST", path, { body: { webhookKey, overlapSeconds: 0 } })).toMatchObject({
        status: 200,
        json: { data: { attributes: { webhookKey } } },
      });
    },
    resolve: resolveAtKard,
  });
  const url = expect.stringMatching(/^http/);
  const withAnyUrl = ({ subscription, ...others }: typeof first) => ({
    ...others,
    subscription: { ...subscription, attributes: { ...subscription.attributes, webhookUrl: url } },
  });
  expect(second).toEqual(withAnyUrl(first));
  expect(second).toMatchObject({
    ...{
      subscription: { status: 201 },
      created: 201,
      before: { status: "NEW", isSame: true },
      after: { status: "CLOSED", resolutionCode: 5004 },
    },
    push: { status: "CLOSED", isOfTheAudit: true, isSigned: true, isSignedAsParsed: true },
  });
});

test("every change of an audit's status is pushed", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  const body = subscriptionOf({ eventName: "auditUpdate", webhookUrl: receiver.url, enabled: true, webhookKey });
  expect(await issuer.call("POST", subscriptionsOf(issuer.organizationId), { body })).toMatchObject({ status: 201 });
  const { transactionId, ...others } = auditFields();
  await issuer.file({ transactionId, ...others });
  const [atKard] = auditsAtKard(transactionId);
  kard.startAudit(atKard?.id ?? "");
  await until("IN_PROGRESS is pushed", () => pushed(receiver, "IN_PROGRESS"), withinMs);
  kard.closeAudit(atKard?.id ?? "");
  await until("CLOSED is pushed", () => pushed(receiver, "CLOSED"), withinMs);
  for (const { body: push, headers } of receiver.received)
    expect(isKardSignature(webhookKey, Buffer.from(push), String(headers["notify-signature"]))).toBe(true);
});
