import * as z from "zod";
import { ipBlocks, isBlockWithin, isInBlocks, isIpAddress, readIpBlock } from "./ip-block.ts";

/** RFC 1918, RFC 6598 (shared address space, which large networks use inside) and RFC 4193 (unique local IPv6). */
const privateBlocks = ipBlocks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7");

/**
 * Addresses in these blocks that the allow-list cannot allow: cloud metadata and other link-local services.
 * fd00:ec2::/32 is AWS's (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html),
 * fd20:ce::254 Google's, 100.100.100.200 Alibaba's. Loopback, link-local and multicast addresses are in none of the
 * blocks.
 */
const cloudServices = ipBlocks("100.100.100.200/32", "fd00:ec2::/32", "fd20:ce::254/128");

/** A DNS name of at least two labels, or all names below a domain: `*.corp.example`. */
const hostPattern = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** An entry of the allow-list: a private block in CIDR notation, a host, or `*.` and a domain. */
export const privateTarget = z.string().superRefine((text, context) => {
  const refuse = (message: string) => context.addIssue({ code: "custom", message: `${text}: ${message}` });
  if (isIpAddress(text)) return refuse("must be written as a block, such as 10.0.0.1/32");
  if (!text.includes("/")) {
    if (!hostPattern.test(text)) refuse("must be a host in lower case, such as hooks.corp.example or *.corp.example");
    return;
  }
  const block = readIpBlock(text);
  if (block === undefined) return refuse("must be a block in CIDR notation, with zeros after its prefix");
  if (!isBlockWithin(block, privateBlocks))
    refuse("must be within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 or fc00::/7");
  else if (isBlockWithin(block, cloudServices)) refuse("must not be a block of cloud services");
});

/** Whether a URL's host is on the allow-list: a name by its entry, an address by its block. */
export function isPrivateTarget(hostname: string, allowList: readonly string[]): boolean {
  const literal = hostname.replace(/^\[(.*)\]$/, "$1");
  return isListedHost(hostname, allowList) || isAllowedPrivateAddress(literal, literal, allowList);
}

/** Whether the allow-list has this host by name. */
export function isListedHost(hostname: string, allowList: readonly string[]): boolean {
  return allowList.some((entry) => (entry.startsWith("*.") ? hostname.endsWith(entry.slice(1)) : hostname === entry));
}

/**
 * Whether webhooks may connect to a private address: the allow-list must have the host or a block with the address.
 * Loopback, link-local, multicast and unspecified addresses, cloud metadata and IPv4 inside IPv6 are never allowed.
 */
export function isAllowedPrivateAddress(address: string, hostname: string, allowList: readonly string[]): boolean {
  if (!isInBlocks(address, privateBlocks) || isInBlocks(address, cloudServices)) return false;
  if (isListedHost(hostname, allowList)) return true;
  const blocks = allowList.map(readIpBlock).filter((block) => block !== undefined);
  return isInBlocks(address, blocks);
}
