import type { LookupAddress, RecordWithTtl } from "node:dns";
import { Resolver } from "node:dns/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import type { Clock } from "../../core/shared/ports.ts";

/** Why a host has no addresses: none exist, the name servers do not answer in time, or they answer with an error. */
export type ResolveFailure = "host-not-found" | "timeout" | "dns-failed";

export class HostNotResolved extends Error {
  readonly failure: ResolveFailure;

  constructor(failure: ResolveFailure) {
    super(`the host cannot be resolved: ${failure}`);
    this.failure = failure;
  }
}

/**
 * Resolves a host to its addresses, IPv4 first.
 *
 * @throws HostNotResolved
 */
export type HostResolver = (hostname: string) => Promise<readonly LookupAddress[]>;

export interface HostResolverOptions {
  /** Name servers as `address:port`; by default those of /etc/resolv.conf. */
  servers?: readonly string[] | undefined;
  /** The timeout of a query, in milliseconds. Node checks it once a second. */
  timeoutMs?: number;
}

/** The maximum number of queries to each name server. */
const maxTries = 2;

/** The longest that a name is cached even if its TTL is longer, in milliseconds. */
const maxTtlMs = 60_000;

/** How long the second address family is awaited after the first has answered, in milliseconds. */
const otherFamilyGraceMs = 200;

/** RFC 6761, 6.3: always the loopback addresses, without a query. */
const localhost: readonly LookupAddress[] = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];

interface Response {
  records: (LookupAddress & { ttl: number })[];
  /** The error code if there are no records. */
  code?: unknown;
}

/**
 * A DNS resolver that queries name servers directly and caches addresses for their TTL, up to a minute.
 *
 * `dns.lookup` uses two of libuv's threads by default, so two names with dead name servers block all other lookups of
 * the process (https://nodejs.org/api/dns.html#implementation-considerations). This resolver uses no thread. It reads
 * /etc/resolv.conf, but neither /etc/hosts nor search domains.
 */
export function hostResolver(clock: Clock, { servers, timeoutMs = 1_000 }: HostResolverOptions = {}): HostResolver {
  const openResolver = () => {
    const resolver = new Resolver({ timeout: timeoutMs, tries: maxTries, maxTimeout: timeoutMs });
    if (servers !== undefined) resolver.setServers(servers);
    return resolver;
  };

  const cache = new LRUCache<string, readonly LookupAddress[]>({
    max: 1_000,
    perf: { now: clock },
    ttlResolution: 0,
    ignoreFetchAbort: true,
    async fetchMethod(hostname, _stale, { options }) {
      // One resolver per name: on a shared socket, a malformed response fails all other queries. It costs 26 µs.
      const records = await resolveBoth(openResolver(), hostname);
      // For the cache, a TTL of 0 means no limit.
      options.ttl = Math.max(1, Math.min(maxTtlMs, ...records.map(({ ttl }) => ttl * 1_000)));
      return records.map(({ address, family }) => ({ address, family }));
    },
  });

  return async (hostname) => {
    if (hostname === "localhost") return localhost;
    return (await cache.fetch(hostname)) ?? [];
  };
}

/** Queries both address families at once. One response is enough. */
async function resolveBoth(resolver: Resolver, hostname: string): Promise<Response["records"]> {
  const four = responseOf(4, resolver.resolve4(hostname, { ttl: true }));
  const six = responseOf(6, resolver.resolve6(hostname, { ttl: true }));
  const first = await Promise.race([four, six]);
  const none: Response = { records: [] };
  const grace = first.records.length === 0 ? [] : [sleep(otherFamilyGraceMs, none, { ref: false })];
  const responses = await Promise.all([four, six].map((response) => Promise.race([response, ...grace])));
  const records = responses.flatMap((response) => response.records);
  if (records.length === 0) throw new HostNotResolved(failureOf(responses.map(({ code }) => code)));
  return records;
}

async function responseOf(family: 4 | 6, query: Promise<RecordWithTtl[]>): Promise<Response> {
  try {
    return { records: (await query).map(({ address, ttl }) => ({ address, family, ttl })) };
  } catch (error) {
    const { code }: { code?: unknown } = Object(error);
    return { records: [], code };
  }
}

/** Error codes of c-ares (https://nodejs.org/api/dns.html#error-codes). */
function failureOf(codes: readonly unknown[]): ResolveFailure {
  // NXDOMAIN applies to the name, regardless of the queried type.
  if (codes.includes("ENOTFOUND")) return "host-not-found";
  if (codes.includes("ETIMEOUT")) return "timeout";
  return codes.every((code) => code === "ENODATA" || code === "EBADNAME") ? "host-not-found" : "dns-failed";
}
