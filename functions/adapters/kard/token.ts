import { LRUCache } from "lru-cache";
import type { Clock, RunInBackground } from "../../core/shared/ports.ts";
import { createKardHttp, type KardCall, splitUrl } from "./http.ts";
import type { KardCredential, KardSecret } from "./secret.ts";
import { tokenRequest } from "./token-request.ts";
import { interpretToken, type TokenRefusal } from "./token-response.ts";

type TokenOutcome = { outcome: "granted"; accessToken: string } | TokenRefusal;

export interface KardTokens {
  /**
   * The token for this organization. Concurrent callers share one request.
   *
   * @param refused a token that Kard has refused and that must be replaced; gives `unauthorized` if it was replaced
   *   recently
   */
  tokenFor(organizationId: string, refused?: string): Promise<TokenOutcome>;
}

/** A cached token or failure. `isReplacement`: it was requested because Kard refused the previous token. */
type Held = (TokenRefusal | { outcome: "granted"; accessToken: string; expiresAt: number }) & {
  isReplacement: boolean;
  fetchedAt: number;
};

interface Wanted {
  credential: KardCredential;
  /** The issuer of the token, if the credential manages several. */
  targetIssuer: string | undefined;
  isReplacement: boolean;
}

const freshShareOfLife = 0.8;
const maxTokens = 1_000;

/** How long a failure is cached before the next token request, in milliseconds. */
const backoffMs = { unauthorized: 30_000, failed: 2_000, throttled: 2_000 };
/** If a replacement is refused, the next replacement is requested after this time at the earliest. */
const replaceAgainAfterMs = 30_000;

/**
 * OAuth 2.0 client credentials (Kard's authentication guide). Tokens are cached in memory per credential and, if the
 * credential manages several, per issuer. After 80 % of its lifetime a token is renewed in the background; it is used
 * until it expires even if that fails. Failures are cached, too. If a credential is refused, the secret is read again,
 * because it may have been rotated.
 */
export function createKardTokens(options: {
  secret: Pick<KardSecret, "credentialFor" | "reread">;
  requestTimeoutMs: number;
  clock: Clock;
  observe?: (call: KardCall) => void;
  /** Accepts requests that may outlast the call that started them. */
  inBackground?: RunInBackground;
}): KardTokens {
  const { secret, clock, inBackground = () => undefined } = options;
  const send = createKardHttp(options);

  const cache = new LRUCache<string, Held, Wanted>({
    max: maxTokens,
    ttl: backoffMs.failed,
    ttlResolution: 0,
    perf: { now: clock },
    fetchMethod(_, held, { options: entry, context }) {
      const fetching = fetchToken(context).then((response): Held => {
        const now = clock();
        const { isReplacement } = context;
        if (response.outcome !== "granted") {
          const { outcome } = response;
          const asked = response.outcome === "throttled" ? (response.retryAfterMs ?? 0) : 0;
          const isUsable = held?.outcome === "granted" && !isReplacement && now < held.expiresAt;
          const wait = Math.max(backoffMs[outcome], asked);
          entry.ttl = isUsable ? Math.min(wait, held.expiresAt - now) : wait;
          return isUsable ? held : { ...response, isReplacement, fetchedAt: now };
        }
        const { accessToken, lifeMs, requestedAt } = response;
        // For lru-cache, 0 means no limit.
        entry.ttl = Math.max(1, requestedAt + lifeMs * freshShareOfLife - now);
        const expiresAt = requestedAt + lifeMs;
        return { outcome: "granted", accessToken, expiresAt, isReplacement, fetchedAt: now };
      });
      inBackground(fetching);
      return fetching;
    },
  });

  async function fetchToken({ credential, targetIssuer }: Wanted) {
    const requestedAt = clock();
    const { headers, body } = tokenRequest(credential, targetIssuer);
    const request = { route: "token", method: "POST", ...splitUrl(credential.tokenUrl), headers, body } as const;
    return { ...(await send(request, interpretToken)), requestedAt };
  }

  async function tokenOf(organizationId: string, credential: KardCredential, refused?: string): Promise<Held> {
    const targetIssuer = credential.managesSeveralIssuers ? organizationId : undefined;
    const key = `${keyOf(credential)} ${targetIssuer ?? ""}`;
    const held = cache.peek(key, { allowStale: true });
    const isRefused = held?.outcome === "granted" && held.accessToken === refused;
    if (isRefused && held.isReplacement && clock() - held.fetchedAt < replaceAgainAfterMs) {
      return { ...held, outcome: "unauthorized" };
    }
    return cache.forceFetch(key, {
      context: { credential, targetIssuer, isReplacement: isRefused },
      forceRefresh: isRefused,
      allowStale: held?.outcome === "granted" && !isRefused && clock() < held.expiresAt,
    });
  }

  return {
    async tokenFor(organizationId, refused) {
      const credential = await secret.credentialFor(organizationId);
      const token = await tokenOf(organizationId, credential, refused);
      if (token.outcome !== "unauthorized") return outcomeOf(token);
      await secret.reread();
      const current = await secret.credentialFor(organizationId);
      const isRotated = current.clientId !== credential.clientId || current.clientSecret !== credential.clientSecret;
      return outcomeOf(isRotated ? await tokenOf(organizationId, current, refused) : token);
    },
  };
}

const keys = new WeakMap<KardCredential, string>();

/** The cache key of a credential. */
function keyOf(credential: KardCredential): string {
  const { tokenUrl, tokenRequest: kind, clientId, clientSecret } = credential;
  const key = keys.get(credential) ?? JSON.stringify([tokenUrl, kind, clientId, clientSecret]);
  keys.set(credential, key);
  return key;
}

function outcomeOf(held: Held): TokenOutcome {
  switch (held.outcome) {
    case "granted":
      return { outcome: "granted", accessToken: held.accessToken };
    case "unauthorized":
      return { outcome: "unauthorized" };
    case "throttled":
      return { outcome: "throttled", retryAfterMs: held.retryAfterMs };
    case "failed":
      return { outcome: "failed", reason: held.reason };
  }
}
