import { describe, expect, test } from "@jest/globals";
import { authorized, basic, clientId, clientSecret, form, grant, start } from "../running-sandbox.ts";

describe("the token call", () => {
  test("answers as in Kard's authentication guide", async () => {
    const { kard } = await start();
    const ask = (headers: Record<string, string>, body = grant) => kard("POST", "/v2/auth/token", body, headers);
    expect(await ask({ ...form })).toMatchObject({ status: 400 });
    expect(await ask({ ...form, authorization: basic(clientId, clientSecret) }, "grant_type=password")).toMatchObject({
      status: 400,
    });
    expect(await ask({ ...form, authorization: basic(clientId, "wrong") })).toMatchObject({ status: 401 });
    expect(await ask({ ...form, authorization: basic("nobody", clientSecret) })).toMatchObject({ status: 404 });
    expect(await ask({ ...form, authorization: basic(clientId, clientSecret) })).toMatchObject({
      status: 200,
      body: { expires_in: 3600 },
    });
  });

  test("tokens expire, can be revoked, and are restricted to their issuer", async () => {
    let now = 1_000_000;
    const { kard, sandbox } = await start({ now: () => now });
    const list = "/v2/issuers/organization-123/subscriptions";
    const token = await authorized(kard);
    expect(await kard("GET", list, undefined, token)).toMatchObject({ status: 200 });
    now += 3_600_000;
    expect(await kard("GET", list, undefined, token)).toMatchObject({ status: 401 });
    const locked = await authorized(kard, { "x-kard-target-issuer": "somebody-else" });
    expect(await kard("GET", list, undefined, locked)).toMatchObject({ status: 401 });
    const fresh = await authorized(kard);
    sandbox.revokeTokens();
    expect(await kard("GET", list, undefined, fresh)).toMatchObject({ status: 401 });
    expect(await kard("GET", "/v2/ping")).toMatchObject({ status: 200 });
  });
});
