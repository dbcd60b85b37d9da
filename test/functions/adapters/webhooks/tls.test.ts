import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer, type TLSSocket, type TlsOptions } from "node:tls";
import { afterEach, describe, expect, test } from "@jest/globals";
import { webhookSender } from "../../../../functions/adapters/webhooks/sender.ts";
import { type WebhookTls, webhookTlsOf } from "../../../../functions/adapters/webhooks/tls.ts";
import { aSubscription } from "../../../support/sample-audits.ts";
import { certificate } from "../../../support/webhooks/certificates.ts";

const host = "hooks.corp.example";
const corporate = certificate("Corporate Root", { isAuthority: true });
const clients = certificate("Client Root", { isAuthority: true });
const client = certificate("kard-audit-tracker", { issuer: clients });
const other = certificate("other", { issuer: clients });
const message = { id: "evt_1", body: "{}" };

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A receiver with a certificate of the corporate authority. `seen` has the client certificates of its connections. */
async function startReceiver(options: TlsOptions = {}) {
  const seen: (string | undefined)[] = [];
  const { cert, key } = certificate(host, { issuer: corporate });
  const server: Server = createServer({ cert, key, ...options }, (socket: TLSSocket) => {
    seen.push(socket.getPeerX509Certificate()?.subject);
    socket.on("error", () => undefined).end("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
  });
  server.on("tlsClientError", () => undefined);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    await once(server.close(), "close");
  });
  return { port: (server.address() as AddressInfo).port, seen };
}

const demanding = { requestCert: true, rejectUnauthorized: true, ca: clients.cert };

function senderTo(port: number, tls: () => Promise<WebhookTls>) {
  const resolve = async () => [{ address: "127.0.0.1", family: 4 }];
  const sender = webhookSender({ reach: "public-and-loopback", ports: [port] }, Date.now, { resolve, tls });
  const subscription = aSubscription({ webhookUrl: `https://${host}:${port}/` });
  return () => sender.send(subscription, message);
}

const identity = { certificate: client.cert, key: client.key };

test("a webhook is delivered to a receiver with mutual TLS and a corporate authority", async () => {
  const { port, seen } = await startReceiver(demanding);
  const post = senderTo(port, async () => ({ ...identity, authorities: corporate.cert }));
  expect(await post()).toMatchObject({ delivered: true, attempt: { statusCode: 204 } });
  expect(seen).toEqual(["CN=kard-audit-tracker"]);
});

test.each<[string, WebhookTls]>([
  ["the authority", identity],
  ["the client certificate", { authorities: corporate.cert }],
  ["anything", {}],
])("without %s it is not", async (_, tls) => {
  const { port, seen } = await startReceiver(demanding);
  const { delivered, attempt } = await senderTo(port, async () => tls)();
  expect({ delivered, error: attempt.error }).toEqual({
    delivered: false,
    error: expect.stringMatching(/^(tls-failed|connection-failed)$/),
  });
  expect(seen).toEqual([]);
});

test("a receiver that asks for no client certificate gets none", async () => {
  const { port, seen } = await startReceiver();
  expect(await senderTo(port, async () => ({ ...identity, authorities: corporate.cert }))()).toMatchObject({
    delivered: true,
  });
  expect(seen).toEqual([undefined]);
});

test("a rotated certificate is used without a restart", async () => {
  const { port, seen } = await startReceiver(demanding);
  let own = client;
  const post = senderTo(port, async () => ({ certificate: own.cert, key: own.key, authorities: corporate.cert }));
  await post();
  await post();
  own = other;
  await post();
  expect(seen).toEqual(["CN=kard-audit-tracker", "CN=kard-audit-tracker", "CN=other"]);
});

test("while the certificates cannot be read, nothing can be sent", async () => {
  const tls = () => Promise.reject(new Error("no such secret"));
  const sender = webhookSender({ reach: "public", ports: [443] }, Date.now, { tls });
  await expect(sender.prepare()).rejects.toThrow("no such secret");
});

describe("the secret", () => {
  const read = (value: unknown) =>
    webhookTlsOf({
      secretArn: "arn",
      client: {
        send: async () => ({ SecretString: typeof value === "string" ? value : JSON.stringify(value) }),
      } as never,
      clock: Date.now,
      reportError: () => undefined,
    })();

  test.each<[WebhookTls]>([
    [{ ...identity, authorities: corporate.cert + clients.cert }],
    [identity],
    [{ authorities: corporate.cert }],
    [{}],
  ])("may have %#", async (value) => {
    expect(await read(value)).toEqual(value);
  });

  test.each([
    ["{", "the whole "],
    [{ certificate: client.cert }, "key is required exactly if there is a certificate"],
    [{ key: client.key }, "key is required exactly if there is a certificate"],
    [{ certificate: client.cert, key: other.key }, "key does not belong to the certificate"],
    [{ certificate: "hunter2", key: client.key }, "certificate must be certificates in PEM"],
    [{ certificate: client.cert, key: "hunter2" }, "key must be a private key in PEM"],
    [{ authorities: client.key }, "authorities must be certificates in PEM"],
    [{ ...identity, passphrase: "hunter2" }, "the whole Unrecognized key"],
  ])("that is invalid is refused without its content (%#)", async (value, problem) => {
    const message = await read(value).then(() => "", String);
    expect(message).toContain(problem);
    expect(message).not.toMatch(/hunter2|BEGIN/);
  });
});
