import { isKardSignature } from "../core/kard-signature.ts";
import type { Route } from "../platform/http.ts";
import { errorObject, HttpError } from "../platform/http-error.ts";
import { readJson } from "../platform/json-body.ts";
import { auditUpdate } from "./audit-update.ts";
import type { KardWebhookRoute } from "./routes.ts";
import { type HintResult, type TakeHintDeps, takeHint } from "./take-hint.ts";

export interface KardWebhookDeps extends TakeHintDeps {
  /** The key by which Kard signs what it pushes about an issuer. */
  webhookKeyFor: (organizationId: string) => Promise<string>;
  /** Hears of every push that was taken. */
  onTaken: (result: HintResult) => void;
}

/** Kard's scheme has no registered name; it is the header's. */
const challenge = { "www-authenticate": "Notify-Signature" };

/** The function's answer to Kard: verify, parse, one call. */
export function respond(deps: KardWebhookDeps): Record<KardWebhookRoute, Route> {
  return {
    "POST /kard/{organizationId}/notifications": {
      async respond({ parameters, headers, body }) {
        const organizationId = parameters.organizationId ?? "";
        const webhookKey = await deps.webhookKeyFor(organizationId);
        if (!isKardSignature(webhookKey, body.bytes, headers["notify-signature"] ?? "")) {
          const error = errorObject(401, "the signature is not Kard's", { header: "notify-signature" });
          throw new HttpError(401, [error], challenge);
        }
        const { attributes, relationships } = readJson(auditUpdate, body).data;
        const { status, ...request } = attributes ?? {};
        const userId = relationships.user?.data.id;
        const kardAuditId = relationships.audit.data.id;
        const result = await takeHint(deps)({ organizationId, kardAuditId, status, userId, request });
        deps.onTaken(result);
        return { statusCode: 200, body: { result } };
      },
    },
  };
}
