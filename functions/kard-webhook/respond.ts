import { isKardSignature } from "../core/kard/kard-signature.ts";
import { issuerOf, type Route } from "../platform/http.ts";
import { errorObject, HttpError, tooManyRequests } from "../platform/http-error.ts";
import { readJson } from "../platform/json-body.ts";
import { auditUpdate } from "./audit-update.ts";
import { type HandlePushDeps, handlePush, type PushResult } from "./handle-push.ts";
import type { KardWebhookRoute } from "./routes.ts";

export interface KardWebhookDeps extends HandlePushDeps {
  /** The keys of Kard's signatures for an issuer, and a function to read them again. */
  secret: { webhookKeysFor: (organizationId: string) => Promise<string[]>; reread: () => Promise<void> };
  /** Counts a signed push. `undefined` admits it; a number is the seconds until the next try. */
  limitPushes: (organizationId: string) => number | undefined;
  /** Called for every push with a valid signature. */
  onTaken: (result: PushResult) => void;
}

/** Kard's scheme has no registered name, so this is the name of its header. */
const challenge = { "www-authenticate": "Notify-Signature" };

/** The route of Kard's pushes: verifies the signature, parses the push, and makes one call to Kard. */
export function respond(deps: KardWebhookDeps): Record<KardWebhookRoute, Route> {
  return {
    "POST /kard/{organizationId}/notifications": {
      async respond({ parameters, headers, body }) {
        const organizationId = issuerOf({ parameters });
        const signature = headers["notify-signature"] ?? "";
        if (!(await isSigned(deps, organizationId, body.bytes, signature))) {
          const error = errorObject(401, "the signature is not valid; check the webhook key", {
            header: "notify-signature",
          });
          throw new HttpError(401, [error], challenge);
        }
        // After the signature check, so that only Kard uses up an issuer's limit.
        const retryAfterSeconds = deps.limitPushes(organizationId);
        if (retryAfterSeconds !== undefined)
          throw tooManyRequests(retryAfterSeconds, "too many pushes for this issuer");
        const { attributes, relationships } = readJson(auditUpdate, body).data;
        const { status, ...request } = attributes ?? {};
        const userId = relationships.user?.data.id;
        const kardAuditId = relationships.audit.data.id;
        const result = await handlePush(deps)({ organizationId, kardAuditId, status, userId, request });
        deps.onTaken(result);
        return { statusCode: 200, body: { result } };
      },
    },
  };
}

/** If no key matches, the keys are read again, because they may have just been rotated. */
async function isSigned(
  { secret }: Pick<KardWebhookDeps, "secret">,
  organizationId: string,
  bytes: Uint8Array,
  signature: string,
): Promise<boolean> {
  const fitsAKey = async () =>
    (await secret.webhookKeysFor(organizationId)).some((key) => isKardSignature(key, bytes, signature));
  if (await fitsAKey()) return true;
  if (signature === "") return false;
  await secret.reread();
  return fitsAKey();
}
