import type { Admit } from "../../core/kard/interactive-rate-limit.ts";
import type { KardFailure } from "../../core/kard/ports.ts";
import type { Clock } from "../../core/shared/ports.ts";
import {
  createKardHttp,
  type KardCall,
  type KardHttpRequest,
  type KardResponse,
  type SendToKard,
  splitUrl,
} from "./http.ts";
import type { KardTokens } from "./token.ts";
import type { TokenRefusal } from "./token-response.ts";

/** Sends a request with an access token. */
export type SendAuthorized = <Outcome extends { outcome: string; reason?: KardFailure }>(
  organizationId: string,
  request: Pick<KardHttpRequest, "route" | "method" | "body"> & { path: string; headers?: Record<string, string> },
  interpret: (response: KardResponse) => Outcome,
) => Promise<Outcome | TokenRefusal>;

export interface AuthorizedHttpOptions {
  apiUrl: string;
  tokens: KardTokens;
  requestTimeoutMs: number;
  clock: Clock;
  observe?: (call: KardCall) => void;
  /** Called before each request except token requests. A refused call gives `throttled`. */
  admit?: Admit | undefined;
  /** The transport, HTTP by default. */
  send?: SendToKard;
}

/**
 * Sends requests to Kard's API with a token, which is replaced once if Kard refuses it. Each HTTP request takes at most
 * `requestTimeoutMs`. It throws only if the credentials cannot be read.
 */
export function createAuthorizedHttp(options: AuthorizedHttpOptions): SendAuthorized {
  const { tokens, admit, send = createKardHttp(options) } = options;
  const { origin, path: root } = splitUrl(options.apiUrl.replace(/\/*$/, "/"));

  return async (organizationId, { route, method, path, body = null, headers: own }, interpret) => {
    for (let refused: string | undefined; ; ) {
      const token = await tokens.tokenFor(organizationId, refused);
      if (token.outcome !== "granted") return token;
      const headers = {
        ...own,
        authorization: `Bearer ${token.accessToken}`,
        accept: "application/json",
        ...(body !== null && { "content-type": "application/json" }),
      };
      if (admit !== undefined && !(await admit(organizationId)))
        return { outcome: "throttled", retryAfterMs: undefined };
      const outcome = await send({ route, method, origin, path: root + path.slice(1), headers, body }, interpret);
      if (outcome.outcome !== "unauthorized" || refused !== undefined) return outcome;
      refused = token.accessToken;
    }
  };
}
