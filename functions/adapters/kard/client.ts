import type { Admit } from "../../core/kard/interactive-rate-limit.ts";
import type { KardPushes, KardStatuses, KardSubmissions, LostAudits } from "../../core/kard/ports.ts";
import type { Clock } from "../../core/shared/ports.ts";
import { interpretStatus } from "./audit-status.ts";
import { createRequest, interpretCreate } from "./create-audit.ts";
import { createLostAudits } from "./find-lost-audit.ts";
import { createKardHttp, type KardCall, type SendToKard, splitUrl } from "./http.ts";
import { createKardPushes, type SendAuthorized } from "./pushes.ts";
import { pathSegment } from "./schemas.ts";
import type { KardTokens } from "./token.ts";

/**
 * A client for Kard's audit API. Each HTTP request takes at most `requestTimeoutMs`. A call makes one request, and more
 * if its token is missing or refused. It throws only if the credentials cannot be read.
 *
 * @param options.admit called before each request except token requests; a refused call gives `throttled`
 * @param options.send the transport, HTTP by default
 */
export function createKardClient(options: {
  apiUrl: string;
  tokens: KardTokens;
  requestTimeoutMs: number;
  clock: Clock;
  observe?: (call: KardCall) => void;
  admit?: Admit | undefined;
  send?: SendToKard;
}): KardSubmissions & KardStatuses & LostAudits & KardPushes {
  const { tokens, admit, send = createKardHttp(options) } = options;
  const { origin, path: root } = splitUrl(options.apiUrl.replace(/\/*$/, "/"));

  /** Sends a request with a token. A token that Kard refuses is replaced once. */
  const sendAuthorized: SendAuthorized = async (organizationId, { route, method, path, body = null }, interpret) => {
    for (let refused: string | undefined; ; ) {
      const token = await tokens.tokenFor(organizationId, refused);
      if (token.outcome !== "granted") return token;
      const headers = {
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

  const statuses: KardStatuses = {
    getAudit(organizationId, kardAuditId) {
      const path = `/transactions/audit/${pathSegment(kardAuditId)}`;
      return sendAuthorized(organizationId, { route: "status", method: "GET", path }, (answer) =>
        interpretStatus(answer, kardAuditId),
      );
    },
  };

  return {
    ...statuses,
    ...createLostAudits(statuses),
    ...createKardPushes(sendAuthorized),
    async createAudit(organizationId, userId, request) {
      const outcome = await sendAuthorized(organizationId, createRequest(organizationId, userId, request), (answer) =>
        interpretCreate(answer, request.transactionId),
      );
      return outcome.outcome === "failed" ? { outcome: "unsent", reason: outcome.reason } : outcome;
    },
  };
}
