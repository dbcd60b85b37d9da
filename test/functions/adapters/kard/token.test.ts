import type { RequestListener } from "node:http";
import { afterEach, describe, expect, test } from "@jest/globals";
import { createKardTokens } from "../../../../functions/adapters/kard/token.ts";
import { noon } from "../../../support/fake-clock.ts";
import { answering, startHostileKard } from "../../../support/kard/hostile-kard.ts";
import { cleanups, counting, credential, grant, start } from "./token-server.ts";

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test("concurrent callers share one request; organizations that share a credential share its token", async () => {
  const { tokens, requests, calls } = await start(counting());
  const all = await Promise.all(Array.from({ length: 50 }, () => tokens.tokenFor("a")));
  expect(new Set(all.map((token) => JSON.stringify(token)))).toEqual(
    new Set([JSON.stringify({ outcome: "granted", accessToken: "token-1" })]),
  );
  expect(await tokens.tokenFor("__proto__")).toMatchObject({ accessToken: "token-1" });
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({ authorization: `Basic ${Buffer.from("client:secret").toString("base64")}` });
  expect(requests[0]).not.toHaveProperty("x-kard-target-issuer");
  expect(calls[0]).toEqual({ route: "token", status: 200, ms: expect.any(Number) });
});

describe("after 80 % of its lifetime", () => {
  const late = noon + 800_001;

  test("a token is renewed once in the background, and used until the new one is there", async () => {
    const { tokens, state, requests, settled } = await start(counting());
    await tokens.tokenFor("a");
    state.now = noon + 800_000;
    expect(await tokens.tokenFor("a")).toMatchObject({ accessToken: "token-1" });
    await settled();
    expect(requests).toHaveLength(1);
    state.now = late;
    const all = await Promise.all([1, 2, 3].map(() => tokens.tokenFor("a")));
    for (const token of all) expect(token).toMatchObject({ accessToken: "token-1" });
    await settled();
    expect(await tokens.tokenFor("a")).toMatchObject({ accessToken: "token-2" });
    expect(requests).toHaveLength(2);
  });

  test.each<[string, RequestListener]>([
    ["fails", answering(503, "")],
    ["is refused", answering(401, "")],
    ["hangs", () => {}],
    ["brings nothing that is understood", answering(200, "<html>")],
  ])("a token whose renewal %s is used until it expires, and renewed again after the backoff", async (how, ill) => {
    let issued = 0;
    const { tokens, state, requests, settled } = await start(
      (request, response) => (issued++ === 0 ? answering(200, grant("token-1")) : ill)(request, response),
      {},
      how === "hangs" ? 500 : 5_000,
    );
    await tokens.tokenFor("a");
    for (state.now = late; state.now < noon + 1_000_000; state.now += 31_000) {
      for (let calls = 0; calls < 5; calls++) {
        expect(await tokens.tokenFor("a")).toEqual({ outcome: "granted", accessToken: "token-1" });
        await settled();
      }
    }
    expect(requests).toHaveLength(8);
    state.now = noon + 1_031_000;
    expect(await tokens.tokenFor("a")).not.toMatchObject({ outcome: "granted" });
  });

  test("an expired token is awaited", async () => {
    const { tokens, state } = await start(counting());
    await tokens.tokenFor("a");
    state.now = noon + 1_000_000;
    expect(await tokens.tokenFor("a")).toMatchObject({ accessToken: "token-2" });
  });
});

test("a credential for several issuers names the issuer", async () => {
  const server = await startHostileKard((request, response) =>
    answering(200, grant(String(request.headers["x-kard-target-issuer"])))(request, response),
  );
  cleanups.push(server.stop);
  const several = { ...credential, managesSeveralIssuers: true, tokenUrl: `${server.url}/its-own` };
  const secret = { credentialFor: async () => several, reread: async () => {} };
  const tokens = createKardTokens({ secret, requestTimeoutMs: 5_000, clock: () => noon });
  expect(await tokens.tokenFor("organization-123")).toMatchObject({ accessToken: "organization-123" });
  expect(await tokens.tokenFor("organization-456")).toMatchObject({ accessToken: "organization-456" });
});

test.each<[string, RequestListener, unknown]>([
  ["an outage", answering(503, ""), { outcome: "failed", reason: "server-error" }],
  ["a hang", () => {}, { outcome: "failed", reason: "timeout" }],
  ["a cut connection", (_, response) => void response.destroy(), { outcome: "failed", reason: "connection" }],
  ["HTML", answering(200, "<html>"), { outcome: "failed", reason: "malformed-response" }],
  [
    "another kind of token",
    answering(200, { ...grant("t"), token_type: "mac" }),
    { outcome: "failed", reason: "malformed-response" },
  ],
  [
    "a token that would split the header",
    answering(200, grant("a\r\nb: c")),
    { outcome: "failed", reason: "malformed-response" },
  ],
  ["a redirect", answering(302, "", { location: "/elsewhere" }), { outcome: "failed", reason: "malformed-response" }],
  ["throttling", answering(429, "", { "retry-after": "3" }), { outcome: "throttled", retryAfterMs: 3_000 }],
  ["an outage for a while", answering(503, "", { "retry-after": "3" }), { outcome: "throttled", retryAfterMs: 3_000 }],
])("%s gives no token, which is cached briefly and reported", async (what, listener, outcome) => {
  let ill = true;
  const { tokens, state, calls } = await start(
    (request, response) => (ill ? listener(request, response) : answering(200, grant("well"))(request, response)),
    {},
    what === "a hang" ? 1_000 : 5_000,
  );
  for (let callers = 0; callers < 5; callers++) expect(await tokens.tokenFor("a")).toEqual(outcome);
  expect(calls).toMatchObject([{ route: "token", failure: expect.any(String) }]);
  ill = false;
  state.now += 3_001;
  expect(await tokens.tokenFor("a")).toMatchObject({ accessToken: "well" });
});

test.each<[string, object, number]>([
  ["written as text", { ...grant("t"), expires_in: "1000" }, 1_000],
  ["missing", { access_token: "t", token_type: "Bearer" }, 300],
  ["null", { ...grant("t"), expires_in: null }, 300],
  ["nothing that makes sense", { ...grant("t"), expires_in: "soon" }, 300],
  ["negative", { ...grant("t"), expires_in: -1 }, 300],
  ["there, and no type is", { access_token: "t", expires_in: 1000 }, 1_000],
  ["there, and the type is null", { ...grant("t"), token_type: null }, 1_000],
])("a token with a lifetime of %s is accepted", async (_, response, seconds) => {
  const { tokens, state, requests, settled } = await start(answering(200, response));
  expect(await tokens.tokenFor("a")).toEqual({ outcome: "granted", accessToken: "t" });
  state.now += seconds * 800;
  await tokens.tokenFor("a");
  await settled();
  expect(requests).toHaveLength(1);
  state.now += 1;
  await tokens.tokenFor("a");
  await settled();
  expect(requests).toHaveLength(2);
});
