import type { KardRewards, KardStatuses, KardSubmissions, LostAudits } from "../../core/kard/ports.ts";
import { interpretStatus } from "./audit-status.ts";
import { type AuthorizedHttpOptions, createAuthorizedHttp } from "./authorized-http.ts";
import { createRequest, interpretCreate } from "./create-audit.ts";
import { interpretRewards, rewardsPath } from "./earned-rewards.ts";
import { createLostAudits } from "./find-lost-audit.ts";
import { pathSegment } from "./schemas.ts";

export interface KardClientOptions extends AuthorizedHttpOptions {
  /** Whether creates name their issuer in `X-Kard-Target-Issuer`, as in some versions of Kard's reference. */
  namesIssuerOnCreate?: boolean;
}

/** A client for Kard's audit API. A call makes one request, and more if its token is missing or refused. */
export function createKardClient({
  namesIssuerOnCreate = false,
  ...options
}: KardClientOptions): KardSubmissions & KardStatuses & KardRewards & LostAudits {
  const send = createAuthorizedHttp(options);

  const statuses: KardStatuses = {
    getAudit(organizationId, kardAuditId, options) {
      const path = `/transactions/audit/${pathSegment(kardAuditId)}`;
      return send(organizationId, { route: "status", method: "GET", path }, (response) =>
        interpretStatus(response, kardAuditId, options),
      );
    },
  };

  return {
    ...statuses,
    ...createLostAudits(statuses),
    getEarnedRewards(organizationId, userId, status, after) {
      const path = rewardsPath(organizationId, userId, status, after);
      return send(organizationId, { route: "rewards", method: "GET", path }, interpretRewards);
    },
    async createAudit(organizationId, userId, request) {
      const create = createRequest(organizationId, userId, request);
      const headers = namesIssuerOnCreate ? { headers: { "x-kard-target-issuer": organizationId } } : {};
      const outcome = await send(organizationId, { ...create, ...headers }, (response) =>
        interpretCreate(response, request.transactionId),
      );
      return outcome.outcome === "failed" ? { outcome: "unsent", reason: outcome.reason } : outcome;
    },
  };
}
