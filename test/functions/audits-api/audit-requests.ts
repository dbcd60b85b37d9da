import type { AuditRequest } from "../../../functions/core/kard/audit-request.ts";
import type { fakeWorld } from "../../support/fake-world.ts";
import { aRequest } from "../../support/sample-audits.ts";

export const idempotency = { key: "key-1", fingerprint: "first" };

export function requestsFor(...transactionIds: string[]): AuditRequest[] {
  return transactionIds.map((transactionId) => ({ ...aRequest, transactionId }));
}

export function keyless(requests: AuditRequest[]) {
  return { organizationId: "org", userId: "user-1", requests, idempotency: undefined };
}

export const everyAudit = (world: ReturnType<typeof fakeWorld>) => [...world.state.audits.values()];
