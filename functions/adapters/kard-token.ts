import { z } from "zod";
import type { KardFailure } from "../core/kard-ports.ts";
import type { Clock } from "../core/ports.ts";
import { createKardHttp, type KardAnswer, type KardCall, splitUrl } from "./kard-http.ts";
import { parseJson } from "./kard-schemas.ts";
import type { KardSecret } from "./kard-secret.ts";

const tokenAnswer = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  expires_in: z.number().positive(),
  token_type: z.string().regex(/^bearer$/i),
});

/** Why there is no token. */
export type TokenRefusal =
  | { outcome: "unauthorized" }
  | { outcome: "throttled"; retryAfterMs: number | undefined }
  | { outcome: "failed"; reason: KardFailure };

type TokenOutcome = { outcome: "granted"; accessToken: string } | TokenRefusal;

export interface KardTokens {
  /** A token for this organization; many callers at once share one request. */
  tokenFor(organizationId: string): Promise<TokenOutcome>;
  /** Forgets a token that Kard no longer takes, unless it has been replaced already. */
  invalidate(organizationId: string, accessToken: string): void;
}

interface CachedToken {
  pending: Promise<TokenOutcome>;
  /** Both are set once the token has arrived. */
  accessToken?: string;
  refreshAt: number;
}

const usableShareOfLife = 0.8;

/**
 * OAuth 2.0 client credentials as Kard's authentication guide has them. Tokens are kept in memory for 80 % of their
 * life. A 400, 401, 403 or 404 of the token URL reads the secret anew once, since it may have been rotated.
 */
export function createKardTokens(options: {
  secret: Pick<KardSecret, "credentialFor" | "reread">;
  requestTimeoutMs: number;
  clock: Clock;
  observe?: (call: KardCall) => void;
}): KardTokens {
  const { secret, clock } = options;
  const send = createKardHttp(options);
  const cache = new Map<string, CachedToken>();

  async function requestToken(organizationId: string) {
    const credential = await secret.credentialFor(organizationId);
    const { clientId, clientSecret, managesSeveralIssuers, tokenUrl } = credential;
    const headers = {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
      ...(managesSeveralIssuers && { "x-kard-target-issuer": organizationId }),
    };
    const body = "grant_type=client_credentials";
    return send({ route: "token", method: "POST", ...splitUrl(tokenUrl), headers, body }, interpretToken);
  }

  async function fetchToken(organizationId: string, entry: CachedToken): Promise<TokenOutcome> {
    const requestedAt = clock();
    let answer = await requestToken(organizationId);
    if (answer.outcome === "unauthorized") {
      await secret.reread();
      answer = await requestToken(organizationId);
    }
    if (answer.outcome !== "granted") return answer;
    const { accessToken, lifeMs } = answer;
    entry.accessToken = accessToken;
    entry.refreshAt = requestedAt + lifeMs * usableShareOfLife;
    return { outcome: "granted", accessToken };
  }

  function forget(organizationId: string, entry: CachedToken) {
    if (cache.get(organizationId) === entry) cache.delete(organizationId);
  }

  return {
    tokenFor(organizationId) {
      const cached = cache.get(organizationId);
      if (cached !== undefined && clock() < cached.refreshAt) return cached.pending;
      const entry: CachedToken = { pending: Promise.resolve({ outcome: "unauthorized" }), refreshAt: Infinity };
      entry.pending = fetchToken(organizationId, entry).finally(() => {
        if (entry.accessToken === undefined) forget(organizationId, entry);
      });
      cache.set(organizationId, entry);
      return entry.pending;
    },

    invalidate(organizationId, accessToken) {
      const cached = cache.get(organizationId);
      if (cached?.accessToken === accessToken) forget(organizationId, cached);
    },
  };
}

function interpretToken(
  answer: KardAnswer,
): TokenRefusal | { outcome: "granted"; accessToken: string; lifeMs: number } {
  if (!answer.answered) return failed(answer.reason);
  const { status, retryAfterMs, body } = answer;
  if ([400, 401, 403, 404].includes(status)) return { outcome: "unauthorized" };
  if (status === 429) return { outcome: "throttled", retryAfterMs };
  if (status >= 500) return failed("server-error");
  const parsed = tokenAnswer.safeParse(status === 200 ? parseJson(body) : undefined);
  if (!parsed.success) return failed("malformed-answer");
  const { access_token: accessToken, expires_in: lifeSeconds } = parsed.data;
  return { outcome: "granted", accessToken, lifeMs: lifeSeconds * 1000 };
}

const failed = (reason: KardFailure): TokenRefusal => ({ outcome: "failed", reason });
