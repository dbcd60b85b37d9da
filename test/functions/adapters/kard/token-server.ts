import type { RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import type { KardCall } from "../../../../functions/adapters/kard/http.ts";
import type { KardCredential } from "../../../../functions/adapters/kard/secret.ts";
import { createKardTokens } from "../../../../functions/adapters/kard/token.ts";
import { noon } from "../../../support/fake-clock.ts";
import { answering, startHostileKard } from "../../../support/kard/hostile-kard.ts";
import { checkKardRequest } from "../../../support/kard/kard-contract.ts";

export const cleanups: (() => Promise<unknown>)[] = [];

export const credential = { clientId: "client", clientSecret: "secret", managesSeveralIssuers: false };
export const grant = (accessToken: string) => ({ access_token: accessToken, expires_in: 1000, token_type: "Bearer" });

export async function start(
  listener: RequestListener,
  rotated: Partial<KardCredential> = {},
  requestTimeoutMs = 5_000,
) {
  const requests: Record<string, string | string[] | undefined>[] = [];
  const server = await startHostileKard(async (request, response) => {
    checkKardRequest("POST", "/v2/auth/token", request.headers, await text(request));
    requests.push(request.headers);
    listener(request, response);
  });
  cleanups.push(server.stop);
  const state = { now: noon, rereads: 0 };
  const calls: KardCall[] = [];
  const background: Promise<unknown>[] = [];
  const tokenUrl = `${server.url}/v2/auth/token`;
  const secret = {
    credentialFor: async () => ({ ...credential, tokenUrl, ...(state.rereads > 0 && rotated) }),
    reread: async () => {
      state.rereads++;
    },
  };
  const tokens = createKardTokens({
    ...{ secret, requestTimeoutMs, clock: () => state.now },
    observe: (call) => calls.push(call),
    inBackground: (work) => void background.push(work),
  });
  return { tokens, requests, state, calls, settled: () => Promise.all(background) };
}

export const counting = (): RequestListener => {
  let issued = 0;
  return (request, response) => answering(200, grant(`token-${++issued}`))(request, response);
};
