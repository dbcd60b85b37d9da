import { afterEach, describe, expect, test } from "@jest/globals";
import { createKardClient } from "../../../functions/adapters/kard-client.ts";
import { createKardTokens } from "../../../functions/adapters/kard-token.ts";
import { startKardSandbox } from "../../../infra/local/kard-sandbox/kard-sandbox.ts";
import { until } from "../../e2e/support/until.ts";
import { startWebhookReceiver } from "../../e2e/support/webhook-receiver.ts";
import { answering, startHostileKard } from "../../support/hostile-kard.ts";
import { pushesAtKard } from "../../support/kard-caller.ts";
import { startCheckedProxy } from "../../support/kard-checked-proxy.ts";

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const organizationId = "organization-123";
const ours = "https://tracker.example/kard/organization-123/notifications";
const former = "https://former.example/kard/organization-123/notifications";
const foreign = "https://someone-else.example/";
/** Nothing listens at a port that fetch does not even try. */
const deadUrl = "http://127.0.0.1:9/";

function clientOf(apiUrl: string) {
  const client = { clientId: "sandbox-client", clientSecret: "sandbox-secret" };
  const credential = { ...client, managesSeveralIssuers: false, tokenUrl: `${apiUrl}/v2/auth/token` };
  const secret = { credentialFor: async () => credential, reread: async () => {} };
  const timing = { requestTimeoutMs: 5_000, clock: Date.now };
  const tokens = createKardTokens({ secret, ...timing });
  return createKardClient({ apiUrl, tokens, ...timing });
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

async function withHostile(status: number, body: unknown) {
  const hostile = await startHostileKard((request, response) =>
    request.url === "/v2/auth/token"
      ? answering(200, { access_token: "token", expires_in: 3_600, token_type: "Bearer" })(request, response)
      : answering(status, body)(request, response),
  );
  cleanups.push(hostile.stop);
  return clientOf(hostile.url);
}

describe("subscribing, held to Kard's reference", () => {
  test("is done once", async () => {
    const { kard, atKard } = await withSandbox();
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual({ outcome: "subscribed" });
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual({ outcome: "subscribed-already" });
    expect(await atKard.subscriptions()).toMatchObject([{ attributes: { webhookUrl: ours, enabled: true } }]);
  });

  test("enables what was disabled", async () => {
    const { kard, atKard } = await withSandbox();
    await kard.subscribeToPushes(organizationId, ours);
    const [{ id = "" } = {}] = await atKard.subscriptions();
    await atKard.disable(id);
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual({ outcome: "mended" });
    expect(await atKard.subscriptions()).toMatchObject([{ id, attributes: { webhookUrl: ours, enabled: true } }]);
  });

  test("points a former URL's subscription here, and leaves another's alone", async () => {
    const { kard, atKard } = await withSandbox();
    for (const url of [foreign, former]) await atKard.subscribe(url);
    expect(await kard.subscribeToPushes(organizationId, ours, (url) => url === former)).toEqual({ outcome: "mended" });
    const urls = async () => (await atKard.subscriptions()).map(({ attributes }) => attributes.webhookUrl);
    expect(await urls()).toEqual([foreign, ours]);
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual({ outcome: "subscribed-already" });
    expect(await urls()).toEqual([foreign, ours]);
  });

  test("takes no subscription for another event, or for another issuer, for its own", async () => {
    const { sandbox, kard, atKard } = await withSandbox();
    await atKard.subscribe(ours, "clawback");
    await pushesAtKard(sandbox, "organization-456").subscribe(ours);
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual({ outcome: "subscribed" });
    expect(await atKard.subscriptions()).toHaveLength(2);
  });
});

describe("pushes that did not arrive, held to Kard's reference", () => {
  const request = { auditCode: 8001, merchantName: "Caribbean Goodness", auditDescription: "duplicate" } as const;

  /** Has Kard fail to push this many times. */
  async function withFailedPushes(count: number) {
    const { sandbox, kard, atKard } = await withSandbox();
    await atKard.subscribe(deadUrl);
    for (let number = 0; number < count; number++) {
      const made = await kard.createAudit(organizationId, "user-123", { ...request, transactionId: `txn-${number}` });
      if (made.outcome !== "accepted") throw new Error(made.outcome);
      sandbox.closeAudit(made.kardAuditId);
    }
    const failed = async () => (await atKard.notifications()).filter(({ status }) => status === "delivery_failed");
    await until("every push has failed", async () => (await failed()).length === count);
    return { kard, atKard, failed: (await failed()).map(({ eventId }) => eventId) };
  }

  test("are listed page by page, each once", async () => {
    const { kard, failed } = await withFailedPushes(101);
    const first = await kard.listFailedPushes(organizationId);
    if (first.outcome !== "listed") throw new Error(first.outcome);
    expect(first.eventIds).toHaveLength(100);
    const second = await kard.listFailedPushes(organizationId, first.next);
    if (second.outcome !== "listed") throw new Error(second.outcome);
    expect(second.next).toBeUndefined();
    expect([...first.eventIds, ...second.eventIds]).toEqual(failed);
  });

  test("are pushed again on request, to where Kard pushes by now", async () => {
    const { kard, failed } = await withFailedPushes(1);
    const receiver = await startWebhookReceiver();
    cleanups.push(receiver.stop);
    await kard.subscribeToPushes(organizationId, receiver.url, (url) => url === deadUrl);
    const [eventId = ""] = failed;
    expect(await kard.replayPush(organizationId, eventId)).toEqual({ outcome: "replayed" });
    const push = await until("it is pushed again", () => receiver.received[0]);
    expect(JSON.parse(push.body)).toMatchObject({ data: { type: "auditUpdate", id: eventId } });
    await until("none is left", async () => {
      const listed = await kard.listFailedPushes(organizationId);
      return listed.outcome === "listed" && listed.eventIds.length === 0;
    });
  });

  test("are missing where Kard does not know them", async () => {
    const { kard, failed } = await withFailedPushes(1);
    expect(await kard.replayPush(organizationId, "00000000-0000-4000-8000-000000000000")).toEqual({
      outcome: "missing",
    });
    expect(await kard.replayPush("organization-456", failed[0] ?? "")).toEqual({ outcome: "missing" });
  });
});

describe("a Kard that refuses", () => {
  test.each([
    [401, { outcome: "unauthorized" }],
    [403, { outcome: "unauthorized" }],
    [404, { outcome: "missing" }],
    [500, { outcome: "failed", reason: "server-error" }],
  ])("with %i is understood by every call", async (status, outcome) => {
    const kard = await withHostile(status, { errors: [] });
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual(outcome);
    expect(await kard.listFailedPushes(organizationId)).toEqual(outcome);
    expect(await kard.replayPush(organizationId, "event-1")).toEqual(outcome);
  });

  test("says so in its own words: the sandbox's 401 and outage", async () => {
    const { sandbox, kard } = await withSandbox();
    sandbox.turn({ failNext: [{ route: "subscriptions", kind: "unauthorized", times: 2 }] });
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual({ outcome: "unauthorized" });
    sandbox.turn({ failNext: [{ route: "notifications", kind: "unauthorized", times: 1 }] });
    expect(await kard.listFailedPushes(organizationId)).toEqual({ outcome: "listed", eventIds: [], next: undefined });
    sandbox.turn({ outage: true });
    expect(await kard.replayPush(organizationId, "event-1")).toMatchObject({ outcome: "failed" });
  });

  test("an answer that is no list is a failure, not an empty list", async () => {
    const kard = await withHostile(200, { data: "nothing" });
    const outcome = { outcome: "failed", reason: "malformed-answer" };
    expect(await kard.listFailedPushes(organizationId)).toEqual(outcome);
    expect(await kard.subscribeToPushes(organizationId, ours)).toEqual(outcome);
  });
});
