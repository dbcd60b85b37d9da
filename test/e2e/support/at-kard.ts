import { request } from "undici";
import { z } from "zod";
import type { KardSandbox } from "../../../infra/local/kard-sandbox/kard-sandbox.ts";
import { type AuditFields, auditFields } from "./issuer.ts";

const granted = z.object({ access_token: z.string() });
const created = z.object({ data: z.tuple([z.object({ id: z.string() })]) });

/** Files an audit at Kard itself, as an issuer did before it had a tracker, and gives Kard's id of it. */
export async function fileAtKard(
  kard: KardSandbox,
  organizationId: string,
  fields: Partial<AuditFields> = {},
): Promise<string> {
  const token = await request(kard.tokenUrl, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from("sandbox-client:sandbox-secret").toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials",
  });
  const { access_token: accessToken } = granted.parse(await token.body.json());
  const answer = await request(`${kard.url}/v2/issuers/${organizationId}/users/user-1/audits`, {
    method: "POST",
    headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
    body: JSON.stringify({ data: [{ type: "audit", attributes: auditFields(fields) }] }),
  });
  return created.parse(await answer.body.json()).data[0].id;
}
