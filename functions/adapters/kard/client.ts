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
 * Kard's API for audits. Each HTTP request takes at most `requestTimeoutMs`; a call makes one, and a few more where its
 * token is missing or no longer taken. Throws only if the credentials themselves cannot be read.
 *
 * @param options.admit asked before each request but those for tokens; a call that is refused ends as `throttled`
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

  /** Sends with a token; one that Kard does not take is replaced once, if it can be. */
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
