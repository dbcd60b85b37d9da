import { randomBytes } from "node:crypto";
import { issueApiKey, scope } from "../../../../functions/core/access/api-key.ts";
import { notificationId } from "../../../../functions/core/notifications/notification-id.ts";
import { fileClosedAudit } from "../closed-audit.ts";
import { type ApiResponse, apiKeysOf, type Issuer } from "../issuer.ts";
import type { Product } from "../product.ts";
import { until } from "../until.ts";
import { subscribe } from "../webhooks/webhooks.ts";
import type { PathParameters } from "./access-rows.ts";
import { withAnotherSecret, withBadChecksum } from "./keys.ts";

/** Gives an issuer data: a closed audit with a delivered notification, and a subscription. */
export async function furnish(product: Product, issuer: Issuer, webhookUrl: string): Promise<PathParameters> {
  const { organizationId } = issuer;
  const { id: subscriptionId } = await subscribe(issuer, webhookUrl);
  const auditId = await fileClosedAudit(product, issuer);
  const isDelivered = async () =>
    (await issuer.audit(auditId)).attributes.notifications.some(({ status }) => status === "delivered");
  await until("the webhook is delivered", isDelivered);
  const notification = notificationId({ auditId, sequence: 1, subscriptionId });
  return { organizationId, userId: "user-1", auditId, subscriptionId, notificationId: notification };
}

/** A well-formed key that the tracker does not have. */
export const unknownKey = () =>
  issueApiKey({ organizations: ["org"], scopes: scope.options }, randomBytes, Date.now()).text;

/** Invalid credentials for an issuer's data. All get the same response. */
export async function invalidCredentials({ newIssuer, outputs }: Product, owner: Issuer) {
  const organizations = [owner.organizationId];
  const ended = await newIssuer({ organizations, validUntil: Date.now() - 1 });
  const revoked = await newIssuer({ organizations });
  await apiKeysOf(outputs).revoke(revoked.apiKey.slice(4, 16), Date.now());
  const refused: Record<string, string> = {
    "no key": "",
    "a malformed key": "Bearer nonsense",
    "a key without its scheme": owner.apiKey,
    "a key under another scheme": `Basic ${owner.apiKey}`,
    "a key with a bad checksum": `Bearer ${withBadChecksum(owner.apiKey)}`,
    "an unknown key": `Bearer ${unknownKey()}`,
    "a key with a wrong secret": `Bearer ${withAnotherSecret(owner.apiKey, organizations)}`,
    "a revoked key": `Bearer ${revoked.apiKey}`,
    "an expired key": `Bearer ${ended.apiKey}`,
    "an identity token without a configured provider": "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.e30.c2lnbmVk",
  };
  return { refused, ended, revoked };
}

/** A response without the parts that differ between any two. */
export function comparable({ status, text, headers }: ApiResponse) {
  const { "x-request-id": requestId = "", "apigw-requestid": _, date: __, ...rest } = headers;
  return { status, text: text.replaceAll(requestId, "…"), headers: rest };
}
