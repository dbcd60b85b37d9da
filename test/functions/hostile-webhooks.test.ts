import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { HostResolver } from "../../functions/adapters/webhooks/host-resolver.ts";
import type { WebhookTargets } from "../../functions/core/subscriptions/webhook-url.ts";
import { goodUrls, refusedByAddress } from "../support/webhooks/hostile-urls.ts";
import { connections, publicAddress, refusedTexts, resolvingTo, worldWith } from "./hostile-subscriptions.ts";

beforeEach(() => void connections.begun.splice(0));
afterAll(() => connections.stop());

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
