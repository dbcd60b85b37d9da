import { getCACertificates } from "node:tls";
import { isDeepStrictEqual } from "node:util";
import type { Agent } from "undici";
import { isAllowedPrivateAddress } from "../../core/subscriptions/private-targets.ts";
import { isLoopbackAddress, isPublicAddress } from "../../core/subscriptions/public-address.ts";
import type { WebhookTargets } from "../../core/subscriptions/webhook-url.ts";
import { openConnections } from "../http/exchange.ts";
import type { HostResolver } from "./host-resolver.ts";
import { ssrfSafeLookup } from "./ssrf-guard.ts";
import type { WebhookTls } from "./tls.ts";

const maxAnswerBytes = 64 * 1024;
/**
 * How long one address may take to accept a connection before the next one is tried, in milliseconds. Node's default of
 * 250 fails for distant hosts with an IPv6 address, which Lambda cannot reach.
 */
const attemptTimeoutMs = 2_000;

/**
 * Connections for webhooks. A host is resolved for each connection. It is refused if any of its addresses is neither
 * public nor allowed by the deployment. When the certificates change, new connections are opened, and old ones close
 * after their requests.
 *
 * @returns a function that returns the current connections; it throws what `tls` throws
 */
export function webhookConnections(
  targets: WebhookTargets,
  resolve: HostResolver,
  tls: () => Promise<WebhookTls> = async () => ({}),
): () => Promise<Agent> {
  const isAllowed = (address: string, hostname: string) =>
    isPublicAddress(address) ||
    isAllowedPrivateAddress(address, hostname, targets.privateTargets ?? []) ||
    (targets.reach === "public-and-loopback" && isLoopbackAddress(address));

  const open = ({ certificate, key, authorities }: WebhookTls) =>
    openConnections({
      maxResponseSize: maxAnswerBytes,
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
  return async () => {
    const wanted = await tls();
    if (current === undefined || !isDeepStrictEqual(current.tls, wanted)) {
      void current?.agent.close().catch(() => undefined);
      current = { tls: wanted, agent: open(wanted) };
    }
    return current.agent;
  };
}
