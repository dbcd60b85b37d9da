import type { RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { KardCall } from "../../../functions/adapters/kard-http.ts";
import type { KardCredential } from "../../../functions/adapters/kard-secret.ts";
import { createKardTokens } from "../../../functions/adapters/kard-token.ts";
import { answering, startHostileKard } from "../../support/hostile-kard.ts";
import { checkKardRequest } from "../../support/kard-contract.ts";

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const credential = { clientId: "client", clientSecret: "secret", managesSeveralIssuers: false };
const grant = (accessToken: string) => ({ access_token: accessToken, expires_in: 1000, token_type: "Bearer" });

async function start(listener: RequestListener, rotated: Partial<KardCredential> = {}) {
  const requests: Record<string, string | string[] | undefined>[] = [];
  const server = await startHostileKard(async (request, response) => {
    checkKardRequest("POST", "/v2/auth/token", request.headers, await text(request));
    requests.push(request.headers);
    listener(request, response);
  });
  cleanups.push(server.stop);
  const state = { now: 0, rereads: 0 };
  const calls: KardCall[] = [];
  const tokenUrl = `${server.url}/v2/auth/token`;
  const secret = {
    credentialFor: async () => ({ ...credential, tokenUrl, ...(state.rereads > 0 && rotated) }),
    reread: async () => {
      state.rereads++;
    },
  };
  const tokens = createKardTokens({
    ...{ secret, requestTimeoutMs: 200, clock: () => state.now },
    observe: (call) => calls.push(call),
  });
  return { tokens, requests, state, calls };
}

const counting = (): RequestListener => {
  let issued = 0;
  return (request, response) => answering(200, grant(`token-${++issued}`))(request, response);
};

test("however many wait, one request is made; another organization gets its own token", async () => {
  const { tokens, requests, calls } = await start(counting());
  const all = await Promise.all(Array.from({ length: 50 }, () => tokens.tokenFor("a")));
  expect(new Set(all.map((token) => JSON.stringify(token)))).toEqual(
    new Set([JSON.stringify({ outcome: "granted", accessToken: "token-1" })]),
  );
  expect(await tokens.tokenFor("__proto__")).toMatchObject({ accessToken: "token-2" });
  expect(requests).toHaveLength(2);
  expect(requests[0]).toMatchObject({ authorization: `Basic ${Buffer.from("client:secret").toString("base64")}` });
  expect(requests[0]).not.toHaveProperty("x-kard-target-issuer");
  expect(calls[0]).toEqual({ route: "token", status: 200, ms: expect.any(Number) });
});

test("a token is used for 80 % of its life", async () => {
  const { tokens, state } = await start(counting());
  await tokens.tokenFor("a");
  state.now = 799_999;
  expect(await tokens.tokenFor("a")).toMatchObject({ accessToken: "token-1" });
  state.now = 800_000;
  expect(await tokens.tokenFor("a")).toMatchObject({ accessToken: "token-2" });
});

test("many callers whose token went bad at once replace it once", async () => {
  const { tokens, requests } = await start(counting());
  await tokens.tokenFor("a");
  const replace = async () => {
    tokens.invalidate("a", "token-1");
    return tokens.tokenFor("a");
  };
  await Promise.all([replace(), replace(), replace()]);
  await replace();
  expect(requests).toHaveLength(2);
});

test("a credential for several issuers names the one it is for", async () => {
  const server = await startHostileKard((request, response) =>
    answering(200, grant(String(request.headers["x-kard-target-issuer"])))(request, response),
  );
  cleanups.push(server.stop);
  const several = { ...credential, managesSeveralIssuers: true, tokenUrl: `${server.url}/its-own` };
  const secret = { credentialFor: async () => several, reread: async () => {} };
  const tokens = createKardTokens({ secret, requestTimeoutMs: 5_000, clock: () => 0 });
  expect(await tokens.tokenFor("organization-123")).toMatchObject({ accessToken: "organization-123" });
});

describe("refused credentials", () => {
  test("are read again once, and work if they were rotated", async () => {
    const rotatedHeader = `Basic ${Buffer.from("client:new").toString("base64")}`;
    const { tokens, state, requests } = await start(
      (request, response) =>
        request.headers.authorization === rotatedHeader
          ? answering(200, grant("fresh"))(request, response)
          : answering(401, "")(request, response),
      { clientSecret: "new" },
    );
    expect(await tokens.tokenFor("a")).toEqual({ outcome: "granted", accessToken: "fresh" });
    expect([state.rereads, requests.length]).toEqual([1, 2]);
  });

  test.each([400, 401, 403, 404])(
    "that stay refused with a %d are unauthorized, and that is not kept",
    async (status) => {
      let answer = status;
      const { tokens } = await start((request, response) => answering(answer, grant("late"))(request, response));
      expect(await tokens.tokenFor("a")).toEqual({ outcome: "unauthorized" });
      answer = 200;
      expect(await tokens.tokenFor("a")).toMatchObject({ accessToken: "late" });
    },
  );
});

test.each<[string, RequestListener, unknown]>([
  ["an outage", answering(503, ""), { outcome: "failed", reason: "server-error" }],
  ["a hang", () => {}, { outcome: "failed", reason: "timeout" }],
  ["a cut connection", (_, response) => void response.destroy(), { outcome: "failed", reason: "connection" }],
  ["HTML", answering(200, "<html>"), { outcome: "failed", reason: "malformed-answer" }],
  [
    "no expiry",
    answering(200, { ...grant("t"), expires_in: undefined }),
    { outcome: "failed", reason: "malformed-answer" },
  ],
  [
    "another kind of token",
    answering(200, { ...grant("t"), token_type: "mac" }),
    { outcome: "failed", reason: "malformed-answer" },
  ],
  [
    "a token that would split the header",
    answering(200, grant("a\r\nb: c")),
    { outcome: "failed", reason: "malformed-answer" },
  ],
  ["a redirect", answering(302, "", { location: "/elsewhere" }), { outcome: "failed", reason: "malformed-answer" }],
  ["throttling", answering(429, "", { "retry-after": "3" }), { outcome: "throttled", retryAfterMs: 3_000 }],
])("%s brings no token, and the next caller asks anew", async (_, listener, outcome) => {
  let ill = true;
  const { tokens } = await start((request, response) =>
    ill ? listener(request, response) : answering(200, grant("well"))(request, response),
  );
  expect(await tokens.tokenFor("a")).toEqual(outcome);
  ill = false;
  expect(await tokens.tokenFor("a")).toMatchObject({ accessToken: "well" });
});
