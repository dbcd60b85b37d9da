import { z } from "zod";
import { isListedHost, isPrivateTarget, privateTarget } from "./private-targets.ts";
import { hasTopLevelDomain, isPublicHost } from "./public-host.ts";

/** Where webhooks may go. */
export const webhookTargets = z.object({
  /** `public-and-loopback` also takes this very machine, in plain HTTP: on a local stage alone. */
  reach: z.enum(["public", "public-and-loopback"]),
  /** The ports that an https URL may name; one that names none means 443. */
  ports: z.array(z.int().min(1).max(65_535)).min(1),
  /** The private hosts and blocks of addresses that webhooks may go to as well. */
  privateTargets: z.array(privateTarget).optional(),
  /** The name servers to ask, as `address:port`, in place of the system's: on a local stage alone. */
  dnsServers: z.array(z.string()).optional(),
});
export type WebhookTargets = z.infer<typeof webhookTargets>;

const loopback = new Set(["127.0.0.1", "[::1]", "localhost"]);

/**
 * What URLs are written in (RFC 3986): `URL` takes blanks and control characters away and turns other letters and
 * backslashes into something else, so that what is stored would not be what is called.
 */
export const urlCharacters = /^[!-[\]-~]*$/;
export const otherCharacters = "must be ASCII without blanks, control characters or backslashes";

/**
 * Why a URL cannot be a webhook's, in words for its owner; `undefined` for one that can. Only what the text itself says
 * is judged here: where a name leads is judged at every connection.
 */
export function webhookUrlError(text: string, targets: WebhookTargets): string | undefined {
  if (!urlCharacters.test(text)) return otherCharacters;
  if (!URL.canParse(text)) return "must be a URL";
  if (!/^https?:\/\/[^/]/i.test(text)) return "must be an https URL";
  if (/^[^/]*\/\/[^/?#]*@/.test(text)) return "must not carry a user name or password";
  if (text.includes("#")) return "must not have a fragment";
  const { protocol, hostname, port } = new URL(text);
  const { privateTargets = [] } = targets;
  if (targets.reach === "public-and-loopback" && loopback.has(hostname)) return undefined;
  if (protocol !== "https:") return "must be an https URL";
  if (!targets.ports.includes(Number(port || "443"))) return `must use port ${targets.ports.join(" or ")}`;
  if (!isPublicHost(hostname) && !isPrivateTarget(hostname, privateTargets))
    return "must name a host of the public internet";
  if (hostname.startsWith("[") || isListedHost(hostname, privateTargets) || hasTopLevelDomain(hostname))
    return undefined;
  if (!/^[\d.]+$/.test(hostname)) return "must name a host with a top-level domain, such as .com";
  // `URL` takes 1.2.3 for 1.2.0.3 and 134744072 for 8.8.8.8.
  return text.split(/[/:?]/)[3] === hostname ? undefined : "must write an IPv4 address as four decimal numbers";
}
