import { ipBlocks, isInBlocks } from "./ip-block.ts";

/**
 * IPv4 addresses that no public webhook receiver has: IANA's special-purpose registry, non-unicast addresses, and
 * Azure's wire server. Cloud metadata is in 169.254.0.0/16 (AWS, Azure, Google), 100.64.0.0/10 and 192.0.0.0/24
 * (others).
 */
const special4 = ipBlocks(
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16"],
  ...["172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"],
  ...["192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4"],
  "240.0.0.0/4",
);
const all4 = ipBlocks("0.0.0.0/0");

/** For IPv6, public means global unicast (2000::/3) without IANA's special-purpose ranges. */
const global6 = ipBlocks("2000::/3");
const special6 = ipBlocks("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20");

const loopback = ipBlocks("127.0.0.0/8", "::1/128");

/** Whether a text is a public IP address. Addresses that embed another one, such as NAT64's, are not. */
export function isPublicAddress(text: string): boolean {
  if (isInBlocks(text, all4)) return !isInBlocks(text, special4);
  return isInBlocks(text, global6) && !isInBlocks(text, special6);
}

/** Whether a text is a loopback address. */
export function isLoopbackAddress(text: string): boolean {
  return isInBlocks(text, loopback);
}
