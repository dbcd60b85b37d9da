/** Whether webhooks may also go to this very machine, in plain HTTP: on a local stage alone. */
export type WebhookTargets = "public" | "public-and-loopback";

const loopback = new Set(["127.0.0.1", "[::1]", "localhost"]);

/**
 * Why a URL cannot be a webhook's, in words for its owner; `undefined` for one that can. Only what the text itself says
 * is judged here: where a name leads is judged at every connection.
 */
export function refusalOfWebhookUrl(text: string, targets: WebhookTargets): string | undefined {
  if (!URL.canParse(text)) return "must be a URL";
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return "must not carry a user name or password";
  if (url.hash !== "") return "must not have a fragment";
  const isHttp = url.protocol === "http:" || url.protocol === "https:";
  if (targets === "public-and-loopback" && isHttp && loopback.has(url.hostname)) return undefined;
  if (url.protocol !== "https:") return "must be an https URL";
  if (url.port !== "") return "must use port 443";
  return undefined;
}
