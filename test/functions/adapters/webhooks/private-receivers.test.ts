import { afterEach, describe, expect, test } from "@jest/globals";
import { webhookConnections } from "../../../../functions/adapters/webhooks/connections.ts";
import { webhookSender } from "../../../../functions/adapters/webhooks/sender.ts";
import type { WebhookTargets } from "../../../../functions/core/subscriptions/webhook-url.ts";
import { aSubscription } from "../../../support/sample-audits.ts";
import { answering, startReceiver, stopReceivers } from "../../../support/webhooks/local-receivers.ts";
import { deployed, local, message, post, resolvingTo } from "./local-sender.ts";

afterEach(async () => {
  await stopReceivers();
});

describe("an address that is not public", () => {
  test("is refused for a name that resolves to it, before any connection", async () => {
    const { port, state } = await startReceiver(answering(200));
    const url = `http://localhost:${port}/`;
    const result = await post(url, { resolve: resolvingTo("127.0.0.1", "10.0.0.1") });
    expect(result).toMatchObject({ delivered: false, attempt: { error: "address-refused" } });
    expect(state.connections).toBe(0);
  });

  test("is allowed on the local stack: the checked address, not the name", async () => {
    const { port, state } = await startReceiver(answering(200));
    expect(await post(`http://localhost:${port}/`, { resolve: resolvingTo("127.0.0.1") })).toMatchObject({
      delivered: true,
    });
    expect(state.connections).toBe(1);
  });

  test.each(["127.0.0.1", "169.254.169.254", "::1", "::ffff:169.254.169.254", "fd00:ec2::254"])(
    "is refused for a name that resolves to %s on a deployed stack",
    async (address) => {
      const sender = webhookSender(deployed, Date.now, { resolve: resolvingTo(address) });
      expect(await sender.send(aSubscription(), message)).toMatchObject({ attempt: { error: "address-refused" } });
    },
  );

  test.each([
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://169.254.169.254/latest",
    "https://2130706433/",
    "https://0x7f.1/",
  ])("is refused as a literal: %s", async (webhookUrl) => {
    const sender = webhookSender(deployed, Date.now);
    expect(await sender.send(aSubscription({ webhookUrl }), message)).toMatchObject({
      attempt: { error: "url-refused" },
    });
  });
});

describe("a response of a private receiver", () => {
  const targets: WebhookTargets = { ...local, privateTargets: ["10.20.0.0/16", "fd12:3456::/32", "*.corp.example"] };

  test("is hidden, even after its name leads to a public address", async () => {
    const { port } = await startReceiver(answering(500, {}, "of the network"));
    const subscription = aSubscription({ webhookUrl: `http://localhost:${port}/` });
    let addresses = ["127.0.0.1", "10.20.0.1"];
    const sender = webhookSender(targets, Date.now, { resolve: (name) => resolvingTo(...addresses)(name) });
    for (let n = 0; n < 2; n++) {
      expect(await sender.send(subscription, message)).toMatchObject({ attempt: { statusCode: 500 }, response: "" });
      addresses = ["127.0.0.1"];
    }
  });

  test("is hidden only if its address needs the allow-list", async () => {
    const { port } = await startReceiver(answering(500, {}, "of the internet"));
    const sender = webhookSender(targets, Date.now, { resolve: resolvingTo("127.0.0.1") });
    const { response } = await sender.send(aSubscription({ webhookUrl: `http://localhost:${port}/` }), message);
    expect(response).toBe("of the internet");
  });

  test.each([
    ["10.20.0.1", true],
    ["[fd12:3456::1]", true],
    ["hooks.corp.example", true],
    ["10.21.0.1", false],
    ["8.8.8.8", false],
    ["hooks.example.com", false],
  ])("%s is private: %s", (hostname, isPrivate) => {
    expect(webhookConnections(targets, resolvingTo()).isPrivate(hostname)).toBe(isPrivate);
  });
});
