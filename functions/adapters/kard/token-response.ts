import * as z from "zod";
import type { KardFailure } from "../../core/kard/ports.ts";
import type { KardResponse } from "./http.ts";
import { parseJson } from "./schemas.ts";

/** Why no token was granted. */
export type TokenRefusal =
  | { outcome: "unauthorized" }
  | { outcome: "throttled"; retryAfterMs: number | undefined }
  | { outcome: "failed"; reason: KardFailure };

/**
 * The assumed lifetime of a token whose response has none, in seconds (RFC 6749, 5.1: it is only recommended). Kard's
 * guide says 3600. Renewing too early costs a request; renewing too late costs a refused call.
 */
const defaultLifeSeconds = 300;

const seconds = z.coerce.number().positive().max(10_000_000);

const tokenResponse = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  expires_in: z
    .unknown()
    .transform((life) => seconds.safeParse(life).data ?? defaultLifeSeconds)
    .optional(),
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .nullish(),
});

/** Interprets the response of the token URL. */
export function interpretToken(
  response: KardResponse,
): TokenRefusal | { outcome: "granted"; accessToken: string; lifeMs: number } {
  if (!response.answered) return { outcome: "failed", reason: response.reason };
  const { status, retryAfterMs, body } = response;
  if ([400, 401, 403, 404].includes(status)) return { outcome: "unauthorized" };
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) return { outcome: "throttled", retryAfterMs };
  if (status >= 500) return { outcome: "failed", reason: "server-error" };
  const parsed = tokenResponse.safeParse(status < 300 ? parseJson(body) : undefined);
  if (!parsed.success) return { outcome: "failed", reason: "malformed-response" };
  const { access_token: accessToken, expires_in: lifeSeconds = defaultLifeSeconds } = parsed.data;
  return { outcome: "granted", accessToken, lifeMs: lifeSeconds * 1000 };
}
