import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { describe, expect, test } from "@jest/globals";
import { createKardSecret } from "../../../functions/adapters/kard-secret.ts";

const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:kard";
const tokenUrl = "https://client.getkard.com/v2/auth/token";
const content = { clientId: "client", clientSecret: "hunter2", webhookKey: "key" };

function start(read: () => unknown) {
  const state = { now: 0, reads: 0 };
  const send = async (command: unknown) => {
    if (!(command instanceof GetSecretValueCommand)) throw new Error("another command");
    expect(command.input).toEqual({ SecretId: secretArn });
    state.reads++;
    const value = read();
    return { SecretString: typeof value === "string" ? value : JSON.stringify(value) };
  };
  const client = { send } as unknown as Parameters<typeof createKardSecret>[0]["client"];
  return { secret: createKardSecret({ secretArn, tokenUrl, client, clock: () => state.now }), state };
}

test("one credential stands for all organizations, unless one has its own", async () => {
  const issuers = {
    own: {
      clientId: "own",
      clientSecret: "s",
      tokenUrl: "https://own.getkard.com/v2/auth/token",
      webhookKey: "its key",
    },
    keyless: { clientId: "keyless", clientSecret: "s", managesSeveralIssuers: true },
  };
  const { secret, state } = start(() => ({ ...content, issuers }));
  expect(await secret.credentialFor("anyone")).toEqual({
    clientId: "client",
    clientSecret: "hunter2",
    tokenUrl,
    managesSeveralIssuers: false,
  });
  expect(await secret.credentialFor("own")).toMatchObject({ clientId: "own", tokenUrl: issuers.own.tokenUrl });
  expect(await secret.credentialFor("keyless")).toMatchObject({ managesSeveralIssuers: true });
  expect(await secret.webhookKeyFor("own")).toBe("its key");
  expect(await secret.webhookKeyFor("keyless")).toBe("key");
  expect(state.reads).toBe(1);
});

describe("a credential's identity", () => {
  const one = { clientId: "one", clientSecret: "s" };
  const identitiesOf = async (value: object) => {
    const { secret } = start(() => ({ ...content, ...value }));
    return Promise.all(["a", "b", "c", "d"].map((id) => secret.credentialIdentityFor(id)));
  };

  test("is the same for all who share it, whatever its client secret, and another for any other", async () => {
    const [a, b, c, d] = await identitiesOf({ issuers: { a: one, b: { ...one, clientSecret: "t" } } });
    expect(a?.credentialId).toMatch(/^[0-9a-f]{16}$/);
    expect(b?.credentialId).toBe(a?.credentialId);
    expect(d).toEqual(c);
    expect(c?.credentialId).not.toBe(a?.credentialId);
    const [elsewhere] = await identitiesOf({ issuers: { a: { ...one, tokenUrl: "https://other.getkard.com/token" } } });
    expect(elsewhere?.credentialId).not.toBe(a?.credentialId);
  });

  test("says whether Kard can tell the issuers apart that use it", async () => {
    const shared = async (value: object) => (await identitiesOf(value)).map(({ isShared }) => isShared);
    expect(await shared({})).toEqual([true, true, true, true]);
    expect(await shared({ managesSeveralIssuers: true })).toEqual([false, false, false, false]);
    expect(await shared({ issuers: { a: one } })).toEqual([false, true, true, true]);
    expect(await shared({ issuers: { a: one, b: one } })).toEqual([true, true, true, true]);
    expect(await shared({ issuers: { a: { ...content }, b: { ...one, managesSeveralIssuers: true } } })).toEqual([
      ...[true, false, true, true],
    ]);
  });
});

test.each(["__proto__", "constructor", "toString"])("the organization %s has no credential by accident", async (id) => {
  const { secret } = start(() => ({ ...content, issuers: {} }));
  expect(await secret.credentialFor(id)).toMatchObject({ clientId: "client" });
  expect(await secret.webhookKeyFor(id)).toBe("key");
});

test("it is read once for all who wait, kept five minutes, and read again on demand", async () => {
  const { secret, state } = start(() => ({ ...content, clientId: `client-${state.reads}` }));
  await Promise.all([secret.credentialFor("a"), secret.credentialFor("b"), secret.webhookKeyFor("a")]);
  state.now = 299_999;
  expect(await secret.credentialFor("a")).toMatchObject({ clientId: "client-1" });
  state.now = 300_000;
  expect(await secret.credentialFor("a")).toMatchObject({ clientId: "client-2" });
  state.now += 10_000;
  await secret.reread();
  await secret.reread();
  expect(await secret.credentialFor("a")).toMatchObject({ clientId: "client-3" });
});

describe("a secret that cannot be used", () => {
  test.each([
    ["is no JSON", "hunter2 {", "the whole"],
    ["lacks its webhook key", { ...content, webhookKey: undefined }, "webhookKey"],
    [
      "has an issuer without a client",
      { ...content, issuers: { a: { clientSecret: "hunter2" } } },
      "issuers.a.clientId",
    ],
    ["holds a line break", { ...content, clientSecret: "hunter2\n" }, "clientSecret"],
  ])("because it %s is told without its content", async (_, value, place) => {
    const { secret } = start(() => value);
    const error = await secret.credentialFor("a").catch((thrown: unknown) => thrown);
    expect(String(error)).toBe(`Error: Kard's secret does not hold what it must: ${place}`);
  });

  test("is not kept", async () => {
    let broken = true;
    const { secret } = start(() => {
      if (broken) throw new Error("AccessDenied");
      return content;
    });
    await expect(secret.webhookKeyFor("a")).rejects.toThrow("AccessDenied");
    broken = false;
    expect(await secret.webhookKeyFor("a")).toBe("key");
  });
});
