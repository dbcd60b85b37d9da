import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { describe, expect, test } from "@jest/globals";
import { createKardSecret } from "../../../../functions/adapters/kard/secret.ts";
import { noon } from "../../../support/fake-clock.ts";

const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:kard";
const tokenUrl = "https://client.getkard.com/v2/auth/token";
const content = { clientId: "client", clientSecret: "hunter2", webhookKey: "key" };

function start(read: () => unknown) {
  const state = { now: noon, reads: 0, reported: [] as unknown[] };
  const send = async (command: unknown) => {
    if (!(command instanceof GetSecretValueCommand)) throw new Error("another command");
    expect(command.input).toEqual({ SecretId: secretArn });
    state.reads++;
    const value = await read();
    return { SecretString: typeof value === "string" ? value : JSON.stringify(value) };
  };
  const client = { send } as unknown as Parameters<typeof createKardSecret>[0]["client"];
  return {
    secret: createKardSecret({
      ...{ secretArn, tokenUrl, client, clock: () => state.now },
      reportError: (error) => state.reported.push(error),
    }),
    state,
  };
}

test("one credential is used for all organizations, unless one has its own", async () => {
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
    ...{ clientSecret: "hunter2", webhookKey: "key" },
    tokenUrl,
    managesSeveralIssuers: false,
  });
  expect(await secret.credentialFor("own")).toMatchObject({ clientId: "own", tokenUrl: issuers.own.tokenUrl });
  expect(await secret.credentialFor("keyless")).toMatchObject({ managesSeveralIssuers: true });
  expect(await secret.webhookKeysFor("own")).toEqual(["its key"]);
  expect(await secret.webhookKeysFor("keyless")).toEqual(["key"]);
  expect(state.reads).toBe(1);
});

describe("a credential's identity", () => {
  const one = { clientId: "one", clientSecret: "s" };
  const identitiesOf = async (value: object) => {
    const { secret } = start(() => ({ ...content, ...value }));
    return Promise.all(["a", "b", "c", "d"].map((id) => secret.credentialIdentityFor(id)));
  };

  test("is the same for all that share it, for any client secret, and different from others", async () => {
    const [a, b, c, d] = await identitiesOf({ issuers: { a: one, b: { ...one, clientSecret: "t" } } });
    expect(a?.credentialId).toMatch(/^[0-9a-f]{16}$/);
    expect(b?.credentialId).toBe(a?.credentialId);
    expect(d).toEqual(c);
    expect(c?.credentialId).not.toBe(a?.credentialId);
    const [elsewhere] = await identitiesOf({ issuers: { a: { ...one, tokenUrl: "https://other.getkard.com/token" } } });
    expect(elsewhere?.credentialId).not.toBe(a?.credentialId);
  });

  test("says whether Kard can distinguish the issuers that use it", async () => {
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
  expect(await secret.webhookKeysFor(id)).toEqual(["key"]);
});

test("it is read once for concurrent callers, cached for five minutes, and read again on request", async () => {
  const { secret, state } = start(() => ({ ...content, clientId: `client-${state.reads}` }));
  await Promise.all([secret.credentialFor("a"), secret.credentialFor("b"), secret.webhookKeysFor("a")]);
  state.now = noon + 300_000;
  expect(await secret.credentialFor("a")).toMatchObject({ clientId: "client-1" });
  state.now = noon + 300_001;
  expect(await secret.credentialFor("a")).toMatchObject({ clientId: "client-2" });
  state.now += 10_000;
  await secret.reread();
  await secret.reread();
  expect(await secret.credentialFor("a")).toMatchObject({ clientId: "client-3" });
});

test("during a rotation the previous key is valid, too, for all or for an issuer", async () => {
  const own = { clientId: "own", clientSecret: "s", webhookKey: "own-2", previousWebhookKey: "own-1" };
  const { secret } = start(() => ({ ...content, previousWebhookKey: "former", issuers: { own } }));
  expect(await secret.webhookKeysFor("anyone")).toEqual(["key", "former"]);
  expect(await secret.webhookKeysFor("own")).toEqual(["own-2", "own-1"]);
});

describe("an unusable secret", () => {
  test.each([
    ["is no JSON", "hunter2 {", "the whole"],
    ["lacks its webhook key", { ...content, webhookKey: undefined }, "webhookKey"],
    [
      "has an issuer without a client",
      { ...content, issuers: { a: { clientSecret: "hunter2" } } },
      "issuers.a.clientId",
    ],
    ["holds a line break", { ...content, clientSecret: "hunter2\n" }, "clientSecret"],
  ])("that %s is reported without its content", async (_, value, place) => {
    const { secret } = start(() => value);
    const error = await secret.credentialFor("a").catch((thrown: unknown) => thrown);
    expect(String(error)).toBe(`Error: Kard's secret is invalid: ${place}`);
  });

  test("is not cached", async () => {
    let broken = true;
    const { secret } = start(() => {
      if (broken) throw new Error("AccessDenied");
      return content;
    });
    await expect(secret.webhookKeysFor("a")).rejects.toThrow("AccessDenied");
    broken = false;
    expect(await secret.webhookKeysFor("a")).toEqual(["key"]);
  });

  test.each([
    ["cannot be read", () => Promise.reject(new Error("AccessDenied"))],
    ["no longer holds what it must", () => ({ clientId: "client" })],
  ])("keeps the previous one in use if it %s, is reported, and is read again after ten seconds", async (_, ill) => {
    let isIll = false;
    const { secret, state } = start(() => (isIll ? ill() : { ...content, clientId: `client-${state.reads}` }));
    await secret.credentialFor("a");
    isIll = true;
    state.now += 300_001;
    expect(await secret.credentialFor("a")).toMatchObject({ clientId: "client-1" });
    await secret.reread();
    expect(await secret.credentialFor("a")).toMatchObject({ clientId: "client-1" });
    expect([state.reads, state.reported.length]).toEqual([2, 1]);
    isIll = false;
    state.now += 10_001;
    expect(await secret.credentialFor("a")).toMatchObject({ clientId: "client-3" });
  });
});
