import { request } from "undici";
import type { SandboxAudit } from "../../../infra/local/kard-sandbox/state/audits.ts";
import type { SandboxSettingsInput } from "../../../infra/local/kard-sandbox/state/settings.ts";
import type { LocalOutputs } from "../../../infra/local/local-tracker.ts";

/**
 * Submits one audit through the API, with a repeatable key that names its transaction.
 *
 * @returns the tracker's id, or `undefined` if it was not accepted
 * @throws if there was no response
 */
export async function file({ ApiUrl, ApiKey, OrganizationId }: LocalOutputs, key: string): Promise<string | undefined> {
  const attributes = {
    auditCode: 3006,
    merchantName: "Corner Coffee",
    auditDescription: key,
    transactionId: `txn-${key}`,
  };
  const { statusCode, body } = await request(`${ApiUrl}/v2/issuers/${OrganizationId}/users/user-1/audits`, {
    method: "POST",
    headers: { authorization: `Bearer ${ApiKey}`, "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ data: [{ type: "audit", attributes }] }),
  });
  const response = (await body.json()) as { data?: { id: string }[] };
  return statusCode < 300 ? response.data?.[0]?.id : undefined;
}

/** Kard answers after a moment, and closes an audit a few seconds after its creation. */
export const closesSoon: SandboxSettingsInput = {
  latencyMs: 20,
  autoProgress: { startAfterMs: 1_000, closeAfterMs: 3_000 },
};

/** Sets the Kard sandbox's settings; others are reset. */
export async function configureKard({ KardUrl }: LocalOutputs, settings: SandboxSettingsInput): Promise<void> {
  const { body } = await request(`${KardUrl}/admin/settings`, { method: "PUT", body: JSON.stringify(settings) });
  await body.dump();
}

/** All audits in the Kard sandbox. */
export async function atKard({ KardUrl }: LocalOutputs): Promise<SandboxAudit[]> {
  const { body } = await request(`${KardUrl}/admin/audits`);
  return ((await body.json()) as { audits: SandboxAudit[] }).audits;
}
