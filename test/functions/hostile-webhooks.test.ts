import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import type { HostResolver } from "../../functions/adapters/webhooks/host-resolver.ts";
import { webhookSender } from "../../functions/adapters/webhooks/sender.ts";
import type { Delivery } from "../../functions/core/notifications/delivery.ts";
import { newNotification } from "../../functions/core/notifications/notification.ts";
import type { WebhookTargets } from "../../functions/core/subscriptions/webhook-url.ts";
import { deliverWebhook } from "../../functions/deliver-webhooks/deliver-webhook.ts";
import { HttpError } from "../../functions/platform/http-error.ts";
import { subscriptionRoutes } from "../../functions/subscriptions-api/subscriptions/respond-subscriptions.ts";
import { fakeWorld } from "../support/fake-world.ts";
import { aNotification, aSubscription } from "../support/sample-audits.ts";
import { goodUrls, neverAllowed, nowAllowed, refusedByAddress } from "../support/webhooks/hostile-urls.ts";
import { watchConnections } from "../support/webhooks/tcp-connections.ts";
import { refusedByText } from "../support/webhooks/urls-refused-by-text.ts";

const publicAddress = "93.184.216.34";
const deployed: WebhookTargets = { reach: "public", ports: [443] };
const collection = "/v2/issuers/{organizationId}/subscriptions";

const connections = await watchConnections();
beforeEach(() => void connections.begun.splice(0));
afterAll(() => connections.stop());

const resolvingTo =
  (addresses: readonly string[]): HostResolver =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

/** A subscription whose webhooks are really sent; names resolve to `resolve`. */
async function worldWith(
  webhookUrl: string,
  {
    resolve = resolvingTo([publicAddress]),
    targets = deployed,
  }: { resolve?: HostResolver; targets?: WebhookTargets } = {},
) {
  const fake = fakeWorld();
  const world = { ...fake, sender: webhookSender(targets, fake.clock, { resolve }) };
  await world.subscriptions.create(aSubscription({ webhookUrl }));
  const routes = subscriptionRoutes({ ...world, randomBytes, webhookTargets: targets });
  const stored = async () => (await world.subscriptions.get("org", "subscription-1"))?.webhookUrl;
  const call = async (route: keyof typeof routes, data: unknown) => {
    try {
      return await routes[route].respond({
        ...{ requestId: "1", method: "POST", path: "/", urlPath: "/", query: {}, headers: {} },
        parameters: { organizationId: "org", subscriptionId: "subscription-1" },
        body: { bytes: Buffer.from(JSON.stringify({ data })), contentType: "application/json" },
        caller: { organizations: ["org"], scopes: [] },
      });
    } catch (error) {
      if (error instanceof HttpError) return { statusCode: error.statusCode, body: { errors: error.errors } };
      throw error;
    }
  };
  return {
    stored,
    subscriptions: () => world.subscriptions.list("org"),
    create: (url: string) => call(`POST ${collection}`, [{ type: "subscription", attributes: { webhookUrl: url } }]),
    update: (url: string) =>
      call(`PATCH ${collection}/{subscriptionId}`, { type: "subscription", attributes: { webhookUrl: url } }),
    ping: async () => pinged.parse(await call(`POST ${collection}/{subscriptionId}/test`, {})).body.data.attributes,
    /** Delivers an event, and returns what its owner sees. */
    async deliver() {
      const { organizationId, auditId, sequence, subscriptionId } = aNotification();
      const key = { organizationId, auditId, sequence, subscriptionId };
      const event = { eventId: "evt_1", eventName: "audit.closed" as const, body: "{}" };
      await world.notifications.putNew([newNotification({ ...key, ...event }, 0)]);
      const { result } = await deliverWebhook(world)({ ...key, ...event, attemptCount: 0 } satisfies Delivery);
      return { result, attempts: (await world.notifications.get(key))?.attempts };
    },
  };
}

const pinged = z.object({
  body: z.object({ data: z.object({ attributes: z.looseObject({ delivered: z.boolean() }) }) }),
});

const refusedTexts = Object.entries(refusedByText).flatMap(([reason, urls]) =>
  urls.map((url) => [url, reason] as const),
);

test("there are enough of them", () => {
  expect(new Set([...refusedTexts, ...refusedByAddress].map(([url]) => url)).size).toBeGreaterThanOrEqual(130);
});

describe.each(refusedTexts)("%j", (url, detail) => {
  const errors = (pointer: string) => ({
    statusCode: 400,
    body: { errors: [{ status: "400", title: "Invalid Request", detail, source: { pointer } }] },
  });

  test("is refused when it is saved, with an error that shows only the URL", async () => {
    const world = await worldWith("https://issuer.example/");
    expect(await world.create(url)).toEqual(errors("/data/0/attributes/webhookUrl"));
    expect(await world.update(url)).toEqual(errors("/data/attributes/webhookUrl"));
    expect(await world.subscriptions()).toHaveLength(1);
    expect(await world.stored()).toBe("https://issuer.example/");
    expect(connections.begun).toEqual([]);
  });

  test("is refused by a test and a delivery if it was stored before", async () => {
    const world = await worldWith(url);
    expect(await world.ping()).toMatchObject({ delivered: false, errorMessage: "url-refused", body: "" });
    expect(await world.deliver()).toMatchObject({ result: "retry", attempts: [{ error: "url-refused" }] });
    expect(connections.begun).toEqual([]);
  });
});

describe.each(refusedByAddress)("%j, which resolves to %j,", (url, addresses) => {
  test("is refused at every connection, without revealing the address", async () => {
    const world = await worldWith(url, { resolve: resolvingTo(addresses) });
    expect(await world.update(url)).toMatchObject({ statusCode: 200 });
    const ping = await world.ping();
    expect(ping).toMatchObject({ delivered: false, errorMessage: "address-refused", body: "" });
    for (const address of addresses) expect(JSON.stringify(ping)).not.toContain(address);
    expect(await world.deliver()).toMatchObject({ result: "retry", attempts: [{ error: "address-refused" }] });
    expect(connections.begun).toEqual([]);
  });
});

test.each(goodUrls)("%j is saved, and connected to at the checked address", async (url) => {
  const world = await worldWith("https://issuer.example/");
  expect(await world.create(url)).toMatchObject({ statusCode: 201 });
  expect(await world.update(url)).toMatchObject({ statusCode: 200 });
  expect(await world.stored()).toBe(url);
  const address = new URL(url).hostname.startsWith("[") ? new URL(url).hostname.slice(1, -1) : publicAddress;
  expect(await world.ping()).toMatchObject({ errorMessage: "connection-refused" });
  expect(connections.begun).toEqual([`${address} 443`]);
  expect(await world.deliver()).toMatchObject({ attempts: [{ error: "connection-refused" }] });
  expect(connections.begun).toEqual([`${address} 443`, `${address} 443`]);
});

describe("with all private networks and hosts allowed", () => {
  const privateTargets = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];
  const targets: WebhookTargets = { ...deployed, privateTargets: [...privateTargets, "*.internal", "*.corp.example"] };
  const allowed = new Set(nowAllowed);

  test.each(refusedTexts.filter(([url]) => !allowed.has(url)))("%j is refused as before", async (url, detail) => {
    const world = await worldWith(url, { targets });
    expect(await world.create(url)).toMatchObject({ statusCode: 400, body: { errors: [{ detail }] } });
    expect(await world.ping()).toMatchObject({ delivered: false, errorMessage: "url-refused" });
    expect(connections.begun).toEqual([]);
  });

  test.each(nowAllowed)("%j is saved", async (url) => {
    const world = await worldWith("https://issuer.example/", { targets });
    expect(await world.create(url)).toMatchObject({ statusCode: 201 });
  });

  test.each(neverAllowed)("a listed host that resolves to %s is refused", async (address) => {
    const world = await worldWith("https://hooks.corp.example/", { targets, resolve: resolvingTo([address]) });
    expect(await world.ping()).toMatchObject({ delivered: false, errorMessage: "address-refused" });
    expect(await world.deliver()).toMatchObject({ attempts: [{ error: "address-refused" }] });
    expect(connections.begun).toEqual([]);
  });

  test.each(refusedByAddress)(
    "%j, which resolves to %j, is refused unless all of them are allowed",
    async (url, addresses) => {
      const world = await worldWith(url, { targets, resolve: resolvingTo(addresses) });
      const isAllowed = addresses.length > 0 && addresses.every((address) => /^(10|93)\./.test(address));
      expect(await world.ping()).toMatchObject({ errorMessage: isAllowed ? "connection-refused" : "address-refused" });
    },
  );

  test.each([
    ["https://10.20.0.7/hooks", "10.20.0.7"],
    ["https://[fd12:3456::7]/hooks", "fd12:3456::7"],
    ["https://hooks.corp.example/", "172.20.1.2"],
  ])("%j is connected to", async (url, address) => {
    const world = await worldWith(url, { targets, resolve: resolvingTo([address]) });
    expect(await world.ping()).toMatchObject({ errorMessage: "connection-refused" });
    expect(connections.begun).toEqual([`${address} 443`]);
  });

  test("a name that resolves to metadata the next time is refused then", async () => {
    const responses = [["10.20.0.7"], ["169.254.169.254"]];
    const rebinding: HostResolver = (hostname) => resolvingTo(responses.shift() ?? [])(hostname);
    const world = await worldWith("https://hooks.corp.example/", { targets, resolve: rebinding });
    expect(await world.ping()).toMatchObject({ errorMessage: "connection-refused" });
    expect(await world.ping()).toMatchObject({ errorMessage: "address-refused" });
    expect(connections.begun).toEqual(["10.20.0.7 443"]);
  });
});

test("a listed host may have a private address; another host may not", async () => {
  const targets: WebhookTargets = { ...deployed, privateTargets: ["hooks.corp.example"] };
  const resolve = resolvingTo(["10.20.0.7"]);
  const listed = await worldWith("https://hooks.corp.example/", { targets, resolve });
  expect(await listed.ping()).toMatchObject({ errorMessage: "connection-refused" });
  const other = await worldWith("https://issuer.example/", { targets, resolve });
  expect(await other.ping()).toMatchObject({ errorMessage: "address-refused" });
  expect(await other.create("https://10.20.0.7/")).toMatchObject({ statusCode: 400 });
});

test("a URL of more than 2,000 characters is not saved", async () => {
  const url = `https://issuer.example/${"a".repeat(2_000)}`;
  const world = await worldWith("https://issuer.example/");
  const refused = { statusCode: 400, body: { errors: [{ detail: "must have at most 2000 characters" }] } };
  expect(await world.create(url)).toMatchObject(refused);
  expect(await world.update(url)).toMatchObject(refused);
});

test("a name is resolved once per connection", async () => {
  const responses = [[publicAddress], ["169.254.169.254"]];
  let asked = 0;
  const rebinding: HostResolver = (hostname) => resolvingTo(responses[asked++] ?? [])(hostname);
  const world = await worldWith("https://rebinding.issuer.example/", { resolve: rebinding });
  expect(await world.ping()).toMatchObject({ errorMessage: "connection-refused" });
  expect(asked).toBe(1);
  expect(await world.ping()).toMatchObject({ errorMessage: "address-refused" });
  expect(asked).toBe(2);
  expect(connections.begun).toEqual([`${publicAddress} 443`]);
});

test.each([301, 302, 303, 307, 308])("a redirect (%d) to a private address is not followed", async (status) => {
  const server = createServer((_, response) =>
    response.writeHead(status, { location: "http://169.254.169.254/latest/meta-data/" }).end(),
  ).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const targets: WebhookTargets = { reach: "public-and-loopback", ports: [443] };
  const world = await worldWith(`http://127.0.0.1:${port}/`, { targets });
  expect(await world.ping()).toMatchObject({ delivered: false, statusCode: status });
  expect(connections.begun).toEqual([`127.0.0.1 ${port}`]);
  server.close();
  server.closeAllConnections();
});
