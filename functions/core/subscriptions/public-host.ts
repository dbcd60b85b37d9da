import { isPublicAddress } from "./public-address.ts";

/** A full name of the DNS: two labels or more (RFC 1035, 2.3.4 for the lengths), and no dot at its end. */
const dnsName = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Names that are never one of the internet: RFC 6761 (localhost), RFC 6762 (local), RFC 8375 and the reverse lookups
 * (arpa), ICANN's private-use name, which AWS and Google use for instances and metadata (internal), what Linux calls
 * itself (localdomain), and AWS's private endpoints.
 */
const localNames = [
  ...["localhost", "local", "localdomain", "localdomain4", "localdomain6", "internal", "arpa"],
  "vpce.amazonaws.com",
];

/** A top-level domain is of letters alone, or an internationalized one (RFC 3696, 2; RFC 5890, 2.3.2.1). */
const topLevelDomain = /\.([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/** Whether a full name of the DNS ends in what can be a top-level domain: `issuer.c0m` does not. */
export function hasTopLevelDomain(hostname: string): boolean {
  return topLevelDomain.test(hostname);
}

/**
 * Whether a URL's host can be one of the public internet, as far as its text tells: a public address, or a name that is
 * nobody's own network.
 *
 * @param hostname as `URL` gives it: every way to write an address has become one, and names are in lower-case Punycode
 */
export function isPublicHost(hostname: string): boolean {
  const literal = hostname.replace(/^\[(.*)\]$/, "$1");
  if (isPublicAddress(literal)) return true;
  return dnsName.test(hostname) && !localNames.some((name) => hostname === name || hostname.endsWith(`.${name}`));
}
