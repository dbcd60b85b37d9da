import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { HostResolver } from "../../functions/adapters/webhooks/host-resolver.ts";
import type { WebhookTargets } from "../../functions/core/subscriptions/webhook-url.ts";
import { neverAllowed, nowAllowed, refusedByAddress } from "../support/webhooks/hostile-urls.ts";
import { connections, deployed, refusedTexts, resolvingTo, worldWith } from "./hostile-subscriptions.ts";

beforeEach(() => void connections.begun.splice(0));
afterAll(() => connections.stop());

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
