import { randomUUID } from "node:crypto";
import type * as z from "zod";
import type { createAuditsBody } from "../functions/audits-api/audit-input.ts";
import { createdAudits } from "../functions/audits-api/audit-shapes.ts";
import type { Api } from "./api/api.ts";
import { showAudit } from "./api/audits.ts";
import { listNotifications } from "./api/notifications.ts";
import { wholeList } from "./api/pages.ts";
import { callOf } from "./api/routes.ts";
import { Failure } from "./failure.ts";

/** Submits the audit of a smoke test. */
export async function fileOne(api: Api): Promise<string> {
  const transactionId = `smoke-${randomUUID()}`;
  const attributes = {
    transactionId,
    auditCode: 8001,
    merchantName: "Smoke test",
    auditDescription: "This is a test of the way to Kard and back.",
  };
  const call = callOf(api, "POST /v2/issuers/{organizationId}/users/{userId}/audits", { userId: "smoke-test" });
  const body: z.input<typeof createAuditsBody> = { data: [{ type: "audit", attributes }] };
  const response = await api.ask(createdAudits, { ...call, body, idempotencyKey: transactionId });
  return response.data[0]?.id ?? "";
}

/**
 * Kard's id of an audit, once Kard has it.
 *
 * @throws Failure (refused) if Kard refused it
 */
export async function kardIdOf(api: Api, id: string): Promise<string | undefined> {
  const { status, kardAuditId, refusal = [] } = (await showAudit(api, id)).attributes;
  if (status === "REJECTED")
    throw new Failure("refused", `Kard refused it: ${refusal.map((e) => e.detail).join("; ")}`);
  return kardAuditId;
}

/** Lets the sandbox close an audit. */
export async function close(sandboxUrl: string, kardAuditId: string): Promise<void> {
  const { ok, status } = await fetch(`${sandboxUrl}/admin/audits/${encodeURIComponent(kardAuditId)}/close`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"resolutionCode":5004}',
  });
  if (!ok) throw new Failure("refused", `the sandbox answered ${status}`);
}

/** Whether a webhook about an audit was delivered to a subscription. */
export async function isDelivered(api: Api, subscription: string, id: string): Promise<true | undefined> {
  const delivered = wholeList(await listNotifications(api, { subscription, status: "delivered" }, 50));
  return delivered.some(({ relationships }) => relationships.audit?.data.id === id) || undefined;
}
