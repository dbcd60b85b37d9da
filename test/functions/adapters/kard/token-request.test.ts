import { afterAll, expect, test } from "@jest/globals";
import { createKardClient } from "../../../../functions/adapters/kard/client.ts";
import { createKardTokens } from "../../../../functions/adapters/kard/token.ts";
import { tokenRequest } from "../../../../functions/adapters/kard/token-request.ts";
import { startKardSandbox } from "../../../../infra/local/kard-sandbox/kard-sandbox.ts";
import { startCheckedProxy } from "../../../support/kard/kard-checked-proxy.ts";
import { aRequest } from "../../../support/sample-audits.ts";

const client = { clientId: "client", clientSecret: "se:cret" };
const sandbox = await startKardSandbox({ port: 0, dataFile: ":memory:", webhookKey: "webhook-key", ...client });
const proxy = await startCheckedProxy(sandbox.url);
afterAll(async () => {
  await proxy.stop();
  await sandbox.stop();
  expect(proxy.violations).toEqual([]);
});

const timing = { requestTimeoutMs: 5_000, clock: Date.now };
const tokensBy = (kind: "form" | "json" | undefined, managesSeveralIssuers = false) =>
  createKardTokens({
    secret: {
      credentialFor: async () => ({
        ...{ ...client, managesSeveralIssuers, tokenUrl: `${proxy.url}/v2/auth/token` },
        ...(kind === undefined ? {} : { tokenRequest: kind }),
      }),
      reread: async () => undefined,
    },
    ...timing,
  });

test("Kard's two documented requests: the guide's Basic header and form, and the JSON body of its SDKs", () => {
  const credential = { ...client, managesSeveralIssuers: false, tokenUrl: "https://kard.example/v2/auth/token" };
  expect(tokenRequest(credential, undefined)).toEqual({
    headers: {
      accept: "application/json",
      authorization: `Basic ${Buffer.from("client:se:cret").toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials",
  });
  expect(tokenRequest({ ...credential, tokenRequest: "json" }, "org")).toEqual({
    headers: { accept: "application/json", "content-type": "application/json", "x-kard-target-issuer": "org" },
    body: JSON.stringify({ client_id: "client", client_secret: "se:cret" }),
  });
});

test.each(["form", "json"] as const)(
  "a Kard that takes only %s gives a token for it, and refuses the other",
  async (kind) => {
    sandbox.configure({ tokenRequests: [kind] });
    const other = kind === "form" ? "json" : "form";
    expect(await tokensBy(kind).tokenFor("org")).toMatchObject({ outcome: "granted" });
    expect(await tokensBy(other).tokenFor("org")).toEqual({ outcome: "unauthorized" });
  },
);

test.each([true, false])("creates name their issuer if that is configured (%p)", async (namesIssuerOnCreate) => {
  sandbox.configure({ tokenRequests: ["form", "json"] });
  const kard = createKardClient({ apiUrl: proxy.url, tokens: tokensBy("json"), ...timing, namesIssuerOnCreate });
  const request = { ...aRequest, transactionId: `txn-${namesIssuerOnCreate}` };
  expect(await kard.createAudit("org", "user-1", request)).toMatchObject({ outcome: "accepted" });
  const sent = proxy.requests.at(-1)?.headers["x-kard-target-issuer"];
  expect(sent).toBe(namesIssuerOnCreate ? "org" : undefined);
});
