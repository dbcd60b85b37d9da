import type { LookupFunction } from "node:net";
import type { HostResolver } from "./host-resolver.ts";

/** A host has an address that may not be connected to. */
export class AddressRefused extends Error {
  constructor() {
    super("the host has an address that is refused");
  }
}

/**
 * A `lookup` for sockets that refuses a host if any of its addresses is not allowed. The socket gets the addresses that
 * were checked, so the connection does not resolve the name again.
 *
 * Node calls it for names only, never for an IP address in a URL
 * (https://nodejs.org/api/net.html#socketconnectoptions-connectlistener).
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
