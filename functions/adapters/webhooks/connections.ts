import { getCACertificates } from "node:tls";
import type { Agent } from "undici";
import { isAllowedPrivateAddress, isPrivateTarget } from "../../core/subscriptions/private-targets.ts";
import { isLoopbackAddress, isPublicAddress } from "../../core/subscriptions/public-address.ts";
import type { WebhookTargets } from "../../core/subscriptions/webhook-url.ts";
import { openConnections } from "../http/exchange.ts";
import type { HostResolver } from "./host-resolver.ts";
import { ssrfSafeLookup } from "./ssrf-guard.ts";
import type { WebhookTls } from "./tls.ts";

// `process.getBuiltinModule` loads less than an import (docs/decisions/0007).
const { isDeepStrictEqual } = process.getBuiltinModule("node:util");

const maxResponseBytes = 64 * 1024;
/**
 * How long one address may take to accept a connection before the next one is tried, in milliseconds. Node's default of
 * 250 fails for distant hosts with an IPv6 address, which Lambda cannot reach.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
const attemptTimeoutMs = 2_000;

export interface WebhookConnections {
  /** @throws what `tls` throws */
  current(): Promise<Agent>;
  /**
   * Whether a host of a URL is on the allow-list of private receivers, or had an address that only the list allows.
   * Once it had one, it stays private, because a connection may outlive a change of its DNS name.
   */
  isPrivate(hostname: string): boolean;
}

/**
 * Connections for webhooks. A host is resolved for each connection. It is refused if any of its addresses is neither
 * public nor allowed by the deployment. When the certificates change, new connections are opened, and old ones close
 * after their requests.
 */
export function webhookConnections(
  targets: WebhookTargets,
  resolve: HostResolver,
  tls: () => Promise<WebhookTls> = async () => ({}),
): WebhookConnections {
  const { privateTargets = [] } = targets;
  const privateHosts = new Set<string>();
  const isAllowed = (address: string, hostname: string) => {
    if (isPublicAddress(address)) return true;
    if (!isAllowedPrivateAddress(address, hostname, privateTargets))
      return targets.reach === "public-and-loopback" && isLoopbackAddress(address);
    privateHosts.add(hostname);
    return true;
  };

  const open = ({ certificate, key, authorities }: WebhookTls) =>
    openConnections({
      maxResponseSize: maxResponseBytes,
      connect: {
        lookup: ssrfSafeLookup(resolve, isAllowed),
        timeout: 5_000,
        autoSelectFamilyAttemptTimeout: attemptTimeoutMs,
        ...(certificate !== undefined && { cert: certificate, key }),
        // `ca` replaces the public authorities.
        ...(authorities !== undefined && { ca: [...getCACertificates("default"), authorities] }),
      },
      connections: 10,
    });

  let current: { tls: WebhookTls; agent: Agent } | undefined;
  return {
    async current() {
      const wanted = await tls();
      if (current === undefined || !isDeepStrictEqual(current.tls, wanted)) {
        void current?.agent.close().catch(() => undefined);
        current = { tls: wanted, agent: open(wanted) };
      }
      return current.agent;
    },
    isPrivate: (hostname) => privateHosts.has(hostname) || isPrivateTarget(hostname, privateTargets),
  };
}
