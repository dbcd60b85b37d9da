import type { RequestListener } from "node:http";
import { afterEach, describe, expect, test } from "@jest/globals";
import { createKardTokens } from "../../../../functions/adapters/kard/token.ts";
import { createKardPushes } from "../../../../infra/commands/kard-subscribe/kard-pushes.ts";
import { startKardSandbox } from "../../../../infra/local/kard-sandbox/kard-sandbox.ts";
import { answering, startHostileKard } from "../../../support/kard/hostile-kard.ts";
import { pushesAtKard } from "../../../support/kard/kard-caller.ts";
import { startCheckedProxy } from "../../../support/kard/kard-checked-proxy.ts";

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const organizationId = "organization-123";
const ours = "https://tracker.example/kard/organization-123/notifications";
const former = "https://former.example/kard/organization-123/notifications";
const foreign = "https://someone-else.example/";

function clientOf(apiUrl: string) {
  const client = { clientId: "sandbox-client", clientSecret: "sandbox-secret" };
  const credential = { ...client, managesSeveralIssuers: false, tokenUrl: `${apiUrl}/v2/auth/token` };
  const secret = { credentialFor: async () => credential, reread: async () => {} };
  const timing = { requestTimeoutMs: 5_000, clock: Date.now };
  const tokens = createKardTokens({ secret, ...timing });
  return createKardPushes({ apiUrl, tokens, ...timing });
}

/** The client and the sandbox, with Kard's reference between them, which both must have kept to in the end. */
async function withSandbox() {
  const sandbox = await startKardSandbox({
    ...{ port: 0, dataFile: ":memory:", webhookKey: "key", pushRetryDelaysMs: [] },
    ...{ clientId: "sandbox-client", clientSecret: "sandbox-secret" },
  });
  cleanups.push(sandbox.stop);
  const proxy = await startCheckedProxy(sandbox.url);
  cleanups.push(proxy.stop, async () => expect(proxy.violations).toEqual([]));
  const kard = clientOf(proxy.url);
  return { sandbox, kard, atKard: pushesAtKard(sandbox, organizationId) };
}

async function withHostile(listener: RequestListener) {
  const hostile = await startHostileKard((request, response) =>
    request.url === "/v2/auth/token"
      ? answering(200, { access_token: "token", expires_in: 3_600, token_type: "Bearer" })(request, response)
      : listener(request, response),
  );
  cleanups.push(hostile.stop);
  return clientOf(hostile.url);
}

describe("subscribing, by Kard's reference", () => {
  test("happens once", async () => {
    const { kard, atKard } = await withSandbox();
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual({ outcome: "subscribed" });
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual({ outcome: "already-subscribed" });
    expect(await atKard.subscriptions()).toMatchObject([{ attributes: { webhookUrl: ours, enabled: true } }]);
  });

  test("enables a disabled subscription", async () => {
    const { kard, atKard } = await withSandbox();
    await kard.subscribeToPushes(organizationId, ours);
    const [{ id = "" } = {}] = await atKard.subscriptions();
    await atKard.disable(id);
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual({ outcome: "updated" });
    expect(await atKard.subscriptions()).toMatchObject([{ id, attributes: { webhookUrl: ours, enabled: true } }]);
  });

  test("moves a former URL's subscription here, and keeps others", async () => {
    const { kard, atKard } = await withSandbox();
    for (const url of [foreign, former]) await atKard.subscribe(url);
    expect(await kard.subscribeToPushes(organizationId, ours, (url) => url === former)).toEqual({ outcome: "updated" });
    const urls = async () => (await atKard.subscriptions()).map(({ attributes }) => attributes.webhookUrl);
    expect(await urls()).toEqual([foreign, ours]);
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual({ outcome: "already-subscribed" });
    expect(await urls()).toEqual([foreign, ours]);
  });

  test("ignores subscriptions for another event or issuer", async () => {
    const { sandbox, kard, atKard } = await withSandbox();
    await atKard.subscribe(ours, "clawback");
    await pushesAtKard(sandbox, "organization-456").subscribe(ours);
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual({ outcome: "subscribed" });
    expect(await atKard.subscriptions()).toHaveLength(2);
  });
});

describe("a refusal of Kard", () => {
  test.each<[number, Record<string, string>, object]>([
    [401, {}, { outcome: "unauthorized" }],
    [403, {}, { outcome: "unauthorized" }],
    [404, {}, { outcome: "missing" }],
    [409, {}, { outcome: "conflict", webhookUrls: [] }],
    [429, { "retry-after": "7" }, { outcome: "throttled", retryAfterMs: 7_000 }],
    [503, { "retry-after": "7" }, { outcome: "throttled", retryAfterMs: 7_000 }],
    [500, {}, { outcome: "failed", reason: "server-error" }],
    [400, {}, { outcome: "failed", reason: "malformed-response" }],
  ])("with %i gives its reason", async (status, headers, outcome) => {
    const kard = await withHostile(answering(status, { errors: [] }, headers));
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual(outcome);
  });

  test("of a further subscription with 409 lists the existing ones", async () => {
    const listed = {
      data: [{ id: 7, attributes: { webhookUrl: foreign, enabled: null } }, null, { id: "unreadable" }],
    };
    const kard = await withHostile((request, response) =>
      answering(request.method === "GET" ? 200 : 409, request.method === "GET" ? listed : {})(request, response),
    );
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual({ outcome: "conflict", webhookUrls: [foreign] });
  });

  test("by the sandbox: its 401 and outage", async () => {
    const { sandbox, kard } = await withSandbox();
    sandbox.configure({ failNext: [{ route: "subscriptions", kind: "unauthorized", times: 1 }] });
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual({ outcome: "subscribed" });
    sandbox.configure({ unauthorized: true });
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual({ outcome: "unauthorized" });
    sandbox.configure({ unauthorized: false, outage: true });
    expect(await kard.subscribeToPushes(organizationId, ours)).toMatchObject({ outcome: "failed" });
  });

  test.each([
    ["no JSON", "<html>"],
    ["no list", { data: {} }],
  ])("that is malformed, with %s, is reported", async (_, body) => {
    const kard = await withHostile(answering(200, body));
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual({
      outcome: "failed",
      reason: "malformed-response",
    });
  });
});
