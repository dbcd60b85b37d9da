import type { Schemas } from "../openapi.ts";
import { api, may } from "../session.ts";

type Attributes = Schemas["Subscription"]["attributes"];

/** The URL of a webhook, or the ARN of a queue or event bus. */
export function addressOf({ webhookUrl, target }: Attributes): string {
  return webhookUrl ?? target?.arn ?? "";
}

/** The host and path of a webhook's URL, or the name of a queue or event bus. */
function shortAddress({ webhookUrl, target }: Attributes): string {
  if (webhookUrl === undefined) return target?.arn.split(":").at(-1) ?? "";
  try {
    const { host, pathname } = new URL(webhookUrl);
    return host + (pathname === "/" ? "" : pathname);
  } catch {
    return webhookUrl;
  }
}

/**
 * Loads the issuer's subscriptions, to name them by their endpoints.
 *
 * @returns the name of a subscription's id; the id itself if it is not known
 */
export async function loadSubscriptionNames(signal: AbortSignal): Promise<(subscriptionId: string) => string> {
  if (!may("notifications:read")) return (id) => id;
  const { data } = await api.value("GET /v2/issuers/{organizationId}/subscriptions", { signal });
  const names = new Map(data.map(({ id, attributes }) => [id, shortAddress(attributes)]));
  return (id) => names.get(id) ?? `a deleted webhook (${id})`;
}
