import { isPublicAddress } from "./public-address.ts";

/** A full DNS name: at least two labels (RFC 1035, 2.3.4 for the lengths), without a trailing dot. */
const dnsName = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Names that are never public: RFC 6761 (localhost), RFC 6762 (local), RFC 8375 and reverse lookups (arpa), ICANN's
 * private-use name, which AWS and Google use for instances and metadata (internal), Linux's default (localdomain), and
 * AWS's private endpoints.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-naming.html
 */
const localNames = [
  ...["localhost", "local", "localdomain", "localdomain4", "localdomain6", "internal", "arpa"],
  "vpce.amazonaws.com",
];

/** A top-level domain has only letters, or is internationalized (RFC 3696, 2; RFC 5890, 2.3.2.1). */
const topLevelDomain = /\.([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/** Whether a DNS name ends in a possible top-level domain; `issuer.c0m` does not. */
export function hasTopLevelDomain(hostname: string): boolean {
  return topLevelDomain.test(hostname);
}

/**
 * Whether a URL's host looks public: a public address, or a name that is not reserved for private networks.
 *
 * @param hostname as `URL` returns it: addresses are normalized, and names are lower-case Punycode
 */
export function isPublicHost(hostname: string): boolean {
  const literal = hostname.replace(/^\[(.*)\]$/, "$1");
  if (isPublicAddress(literal)) return true;
  return dnsName.test(hostname) && !localNames.some((name) => hostname === name || hostname.endsWith(`.${name}`));
}
