import { type AuditFields, auditFields, type Issuer } from "./issuer.ts";
import type { Product } from "./product.ts";

/** Files an audit, closes it at Kard and refreshes it. Returns the tracker's id. */
export async function fileClosedAudit(
  { kard, auditsAtKard }: Pick<Product, "kard" | "auditsAtKard">,
  issuer: Issuer,
  fields: AuditFields = auditFields(),
): Promise<string> {
  const id = await issuer.file(fields);
  kard.closeAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
  await issuer.call("POST", `/v2/issuers/${issuer.organizationId}/audits/${id}/refresh`);
  return id;
}
