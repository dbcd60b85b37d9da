import * as z from "zod";
import { isListedHost, isPrivateTarget, privateTarget } from "./private-targets.ts";
import { hasTopLevelDomain, isPublicHost } from "./public-host.ts";

/** The allowed webhook targets. */
export const webhookTargets = z.object({
  /** `public-and-loopback` also allows plain HTTP to this machine, only on the local stack. */
  reach: z.enum(["public", "public-and-loopback"]),
  /** The allowed ports of https URLs. The default is 443. */
  ports: z.array(z.int().min(1).max(65_535)).min(1),
  /** Private hosts and address blocks that are allowed, too. */
  privateTargets: z.array(privateTarget).optional(),
  /** Name servers as `address:port`, only on the local stack; the system's by default. */
  dnsServers: z.array(z.string()).optional(),
});
export type WebhookTargets = z.infer<typeof webhookTargets>;

const loopback = new Set(["127.0.0.1", "[::1]", "localhost"]);

/**
 * The characters of a URL (RFC 3986). `URL` removes spaces and control characters and converts others, so the stored
 * URL would differ from the called one.
 */
export const urlCharacters = /^[!-[\]-~]*$/;
export const otherCharacters = "must be ASCII without spaces, control characters or backslashes";

/**
 * Why a URL is not allowed as a webhook's, as a message for its owner; `undefined` if it is allowed. This checks only
 * the text; the addresses of a name are checked at every connection.
 */
export function webhookUrlError(text: string, targets: WebhookTargets): string | undefined {
  if (!urlCharacters.test(text)) return otherCharacters;
  if (!URL.canParse(text)) return "must be a URL";
  if (!/^https?:\/\/[^/]/i.test(text)) return "must be an https URL";
  if (/^[^/]*\/\/[^/?#]*@/.test(text)) return "must not contain a user name or password";
  if (text.includes("#")) return "must not have a fragment";
  const { protocol, hostname, port } = new URL(text);
  const { privateTargets = [] } = targets;
  if (targets.reach === "public-and-loopback" && loopback.has(hostname)) return undefined;
  if (protocol !== "https:") return "must be an https URL";
  if (!targets.ports.includes(Number(port || "443"))) return `must use port ${targets.ports.join(" or ")}`;
  if (!isPublicHost(hostname) && !isPrivateTarget(hostname, privateTargets)) return "must use a public host";
  if (hostname.startsWith("[") || isListedHost(hostname, privateTargets) || hasTopLevelDomain(hostname))
    return undefined;
  if (!/^[\d.]+$/.test(hostname)) return "must use a host with a top-level domain, such as .com";
  // `URL` reads 1.2.3 as 1.2.0.3 and 134744072 as 8.8.8.8.
  return text.split(/[/:?]/)[3] === hostname ? undefined : "must write an IPv4 address as four decimal numbers";
}
