import { api, may } from "../session.ts";

/** The host and path of a webhook's URL. */
export function shortUrl(webhookUrl: string): string {
  try {
    const { host, pathname } = new URL(webhookUrl);
    return host + (pathname === "/" ? "" : pathname);
  } catch {
    return webhookUrl;
  }
}

/**
 * Loads the issuer's subscriptions, to name them by their URLs.
 *
 * @returns the name of a subscription's id; the id itself if it is not known
 */
export async function loadSubscriptionNames(signal: AbortSignal): Promise<(subscriptionId: string) => string> {
  if (!may("notifications:read")) return (id) => id;
  const { data } = await api.value("GET /v2/issuers/{organizationId}/subscriptions", { signal });
  const names = new Map(data.map(({ id, attributes }) => [id, shortUrl(attributes.webhookUrl)]));
  return (id) => names.get(id) ?? `a deleted webhook (${id})`;
}
