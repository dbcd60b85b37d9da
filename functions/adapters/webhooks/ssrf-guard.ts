import type { LookupFunction } from "node:net";
import type { HostResolver } from "./host-resolver.ts";

/** The host has an address that webhooks must not reach. */
export class AddressRefused extends Error {
  constructor() {
    super("the host has an address that is refused");
  }
}

/**
 * Protects against SSRF: a `lookup` for sockets that refuses a host if any of its addresses is not allowed. The socket
 * connects to the checked addresses, so the name is not resolved again (DNS rebinding).
 *
 * Node calls it only for names, not for IP addresses in a URL
 * (https://nodejs.org/api/net.html#socketconnectoptions-connectlistener). `readTarget` in sender.ts checks those.
 */
export function ssrfSafeLookup(
  resolve: HostResolver,
  isAllowed: (address: string, hostname: string) => boolean,
): LookupFunction {
  const vetted = async (hostname: string) => {
    const addresses = await resolve(hostname);
    if (addresses.length === 0 || !addresses.every(({ address }) => isAllowed(address, hostname)))
      throw new AddressRefused();
    return addresses;
  };
  return (hostname, _options, callback) => {
    vetted(hostname).then(
      (addresses) => callback(null, [...addresses]),
      (error) => callback(error, []),
    );
  };
}
