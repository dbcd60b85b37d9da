import * as z from "zod";
import type { KardSandbox } from "../../../../infra/local/kard-sandbox/kard-sandbox.ts";
import { callKard } from "../../../support/kard/kard-caller.ts";
import { type AuditFields, auditFields } from "../issuer.ts";

const created = z.object({ data: z.tuple([z.object({ id: z.string() })]) });

/** Files an audit directly at Kard, without the tracker. Returns Kard's id. */
export async function fileAtKard(
  kard: KardSandbox,
  organizationId: string,
  fields: Partial<AuditFields> = {},
): Promise<string> {
  const body = { data: [{ type: "audit", attributes: auditFields(fields) }] };
  const path = `/v2/issuers/${organizationId}/users/user-1/audits`;
  return created.parse(await callKard(kard, "POST", path, body)).data[0].id;
}
