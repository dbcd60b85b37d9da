import { createKardClient } from "../../../functions/adapters/kard/client.ts";
import type { KardCall } from "../../../functions/adapters/kard/http.ts";
import type { KardTokens } from "../../../functions/adapters/kard/token.ts";
import type { Admit } from "../../../functions/core/kard/interactive-rate-limit.ts";

export const kardRequest = {
  transactionId: "issuerTransaction123",
  auditCode: 8001,
  merchantName: "Caribbean Goodness",
  auditDescription: "duplicate transaction",
};
export const legacyKardRequest = {
  ...kardRequest,
  preferredContactEmail: "someone@company.com",
  issuer: "An Issuer",
  transactionAmountInCents: 2600,
};

export const grantedToken: KardTokens = {
  tokenFor: async () => ({ outcome: "granted", accessToken: "token" }),
};

/** A client of a Kard at this URL, and the calls that it reports. */
export function kardClientOf(
  apiUrl: string,
  options: { tokens?: KardTokens; requestTimeoutMs?: number; admit?: Admit } = {},
) {
  const { tokens = grantedToken, requestTimeoutMs = 5_000, admit } = options;
  const calls: KardCall[] = [];
  const observe = (call: KardCall) => void calls.push(call);
  return { kard: createKardClient({ apiUrl, tokens, requestTimeoutMs, clock: Date.now, observe, admit }), calls };
}
