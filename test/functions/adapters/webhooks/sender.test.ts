import type { IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { webhookConnections } from "../../../../functions/adapters/webhooks/connections.ts";
import type { HostResolver } from "../../../../functions/adapters/webhooks/host-resolver.ts";
import { webhookSender } from "../../../../functions/adapters/webhooks/sender.ts";
import { newWebhookSecret } from "../../../../functions/core/subscriptions/webhook-secret.ts";
import type { WebhookTargets } from "../../../../functions/core/subscriptions/webhook-url.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aSubscription } from "../../../support/sample-audits.ts";
import { answering, firstPacket, startReceiver, stopReceivers } from "../../../support/webhooks/local-receivers.ts";

const deployed: WebhookTargets = { reach: "public", ports: [443] };
const local: WebhookTargets = { reach: "public-and-loopback", ports: [443] };
const message = { id: "evt_1", body: '{"merchant":"Café ☕"}' };

afterEach(async () => {
  await stopReceivers();
});

const post = (webhookUrl: string, options: { deadlineMs?: number; resolve?: HostResolver } = {}) =>
  webhookSender(local, Date.now, options).send(aSubscription({ webhookUrl }), message);

const resolvingTo =
  (...addresses: string[]): HostResolver =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

test("a connection offers only HTTP/1.1", async () => {
  const hello = await firstPacket((port) => post(`https://localhost:${port}/`));

  // The ALPN extension (RFC 7301) with one name: type 16, length 11, list of 9, name of 8.
  expect(hello).toContain("\0\u0010\0\u000b\0\u0009\u0008http/1.1");
});

test("a webhook is a signed POST of the exact bytes", async () => {
  const received: {
    method: string | undefined;
    url: string | undefined;
    headers: IncomingHttpHeaders;
    body: string;
  }[] = [];
  const { url } = await startReceiver(async (request, response) => {
    const { method, url: target, headers } = request;
    received.push({ method, url: target, headers, body: await text(request) });
    response.writeHead(204).end();
  });
  const secret = newWebhookSecret((count) => Buffer.alloc(count, 1));
  const subscription = aSubscription({ webhookUrl: `${url}/hooks?of=issuer`, secrets: [{ secret }] });
  const posted = await webhookSender(local, Date.now).send(subscription, message);
  expect(posted).toMatchObject({ delivered: true, attempt: { statusCode: 204 } });
  const [request] = received;
  expect(request).toMatchObject({ method: "POST", url: "/hooks?of=issuer", body: message.body });
  expect(request?.headers).toMatchObject({ "content-type": "application/json", "webhook-id": "evt_1" });
  const verify = () => new Webhook(secret).verify(request?.body ?? "", request?.headers as Record<string, string>);
  expect(verify).not.toThrow();
});

test.each([
  ["in force", noon, 2],
  ["no longer in force", noon - 1, 1],
])("a replaced secret that is %s signs or does not", async (_, signsUntil, count) => {
  let signature = "";
  const { url } = await startReceiver((request, response) => {
    signature = String(request.headers["webhook-signature"]);
    response.end();
  });
  const secret = () => newWebhookSecret((n) => Buffer.alloc(n, 1));
  const secrets = [{ secret: secret() }, { secret: secret(), signsUntil }];
  await webhookSender(local, () => noon).send(aSubscription({ webhookUrl: url, secrets }), message);
  expect(signature.split(" ")).toHaveLength(count);
});

test.each([
  [200, true],
  [201, true],
  [204, true],
  [299, true],
  [304, false],
  [400, false],
  [410, false],
  [500, false],
])("a response of %d is a delivery: %p", async (status, delivered) => {
  const { url } = await startReceiver(answering(status));
  expect(await post(url)).toMatchObject({ delivered, attempt: { statusCode: status } });
});

test("a retried webhook has the same id, and is signed with the time of its attempt", async () => {
  const received: Record<string, string>[] = [];
  const { url } = await startReceiver((request, response) => {
    received.push(request.headers as Record<string, string>);
    response.writeHead(500).end();
  });
  const subscription = aSubscription({ webhookUrl: url });
  let now = noon;
  const sender = webhookSender(local, () => now);
  await sender.send(subscription, message);
  now += 5_000;
  await sender.send(subscription, message);
  const [first, again] = received;
  expect(again?.["webhook-id"]).toBe(first?.["webhook-id"]);
  expect(Number(again?.["webhook-timestamp"]) - Number(first?.["webhook-timestamp"])).toBe(5);
  expect(again?.["webhook-signature"]).not.toBe(first?.["webhook-signature"]);
});

test.each([301, 302, 303, 307, 308])("a redirect (%d) is a failure and is not followed", async (status) => {
  const target = await startReceiver(answering(200));
  const { url } = await startReceiver(answering(status, { location: target.url }));
  expect(await post(url)).toMatchObject({ delivered: false, attempt: { statusCode: status } });
  expect(target.state.connections).toBe(0);
});

test("a missing receiver refuses the connection", async () => {
  const { url } = await startReceiver(answering(200));
  await stopReceivers();
  expect(await post(url)).toMatchObject({ delivered: false, attempt: { error: "connection-refused" } });
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

test("a subscription's headers are sent, and cannot replace signed or standard ones", async () => {
  let received: IncomingHttpHeaders = {};
  const { url } = await startReceiver((request, response) => {
    received = request.headers;
    response.end();
  });
  const headers = { authorization: "Bearer of-the-issuer", "content-type": "text/plain", "webhook-id": "forged" };
  const subscription = aSubscription({ webhookUrl: url, headers });
  await webhookSender(local, Date.now).send(subscription, message);
  expect(received).toMatchObject({
    authorization: "Bearer of-the-issuer",
    "content-type": "application/json",
    "webhook-id": "evt_1",
  });
});

test("a response to a subscription with headers is hidden, because an endpoint may echo them", async () => {
  const { url } = await startReceiver((request, response) => {
    response.writeHead(401).end(`no such key: ${request.headers.authorization}`);
  });
  const subscription = aSubscription({ webhookUrl: url, headers: { authorization: "Bearer of-the-issuer" } });
  expect(await webhookSender(local, Date.now).send(subscription, message)).toMatchObject({
    attempt: { statusCode: 401 },
    response: "",
  });
  const { response } = await post(url);
  expect(response).toBe("no such key: undefined");
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
