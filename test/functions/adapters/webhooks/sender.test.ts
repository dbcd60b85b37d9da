import type { IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { webhookSender } from "../../../../functions/adapters/webhooks/sender.ts";
import { newWebhookSecret } from "../../../../functions/core/subscriptions/webhook-secret.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aSubscription } from "../../../support/sample-audits.ts";
import { answering, firstPacket, startReceiver, stopReceivers } from "../../../support/webhooks/local-receivers.ts";
import { local, message, post } from "./local-sender.ts";

afterEach(async () => {
  await stopReceivers();
});

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
