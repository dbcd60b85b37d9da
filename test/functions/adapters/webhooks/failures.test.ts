import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates, type TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { webhookSender } from "../../../../functions/adapters/webhooks/sender.ts";
import type { WebhookTargets } from "../../../../functions/core/subscriptions/webhook-url.ts";
import { aSubscription } from "../../../support/sample-audits.ts";
import { type Certificate, certificate } from "../../../support/webhooks/certificates.ts";
import { type DnsResponse, startDnsServer } from "../../../support/webhooks/dns-server.ts";

const message = { id: "evt_1", body: "{}" };
const host = "issuer.example";
const authority = certificate("Trusted Root", { isAuthority: true });
const standard = getCACertificates("default");

const stops: (() => Promise<void>)[] = [];
beforeAll(() => setDefaultCACertificates([...standard, authority.cert]));
afterAll(() => setDefaultCACertificates(standard));
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await once(server.listen(0, "127.0.0.1"), "listening");
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  return (server.address() as AddressInfo).port;
}

/** Posts to this name and port; the name server gives this response. */
async function post(response: DnsResponse, port: number, { scheme = "https", name = host } = {}) {
  const dns = await startDnsServer({ [name]: response });
  stops.push(dns.stop);
  const targets: WebhookTargets = { reach: "public-and-loopback", ports: [port], dnsServers: [dns.server] };
  const webhookUrl = `${scheme}://${name}:${port}/`;
  return webhookSender(targets, Date.now, { deadlineMs: 8_000 }).send(aSubscription({ webhookUrl }), message);
}

const here: DnsResponse = { A: ["127.0.0.1"], AAAA: [] };

describe("a name that cannot be resolved fails the attempt", () => {
  test.each<[DnsResponse, string]>([
    ["NXDOMAIN", "host-not-found"],
    ["empty", "host-not-found"],
    ["SERVFAIL", "dns-failed"],
    ["REFUSED", "dns-failed"],
    ["garbage", "dns-failed"],
    ["silent", "timeout"],
    [{ A: ["127.0.0.1", "10.0.0.1"], AAAA: [] }, "address-refused"],
    [{ A: ["127.0.0.1"], AAAA: ["fd00::1"] }, "address-refused"],
  ])("%j: %s", async (response, error) => {
    expect(await post(response, 443)).toMatchObject({ delivered: false, attempt: { error } });
  });

  test("one without a name server", async () => {
    const targets: WebhookTargets = { reach: "public", ports: [443], dnsServers: ["127.0.0.1:9"] };
    expect(await webhookSender(targets, Date.now).send(aSubscription(), message)).toMatchObject({
      delivered: false,
      attempt: { error: "dns-failed" },
    });
  });
});

describe("TLS", () => {
  const intermediate = certificate("Intermediate", { issuer: authority, isAuthority: true });
  const day = 24 * 60 * 60_000;
  const serve = async ({ key, cert }: Pick<Certificate, "key" | "cert">) =>
    listening(
      createTlsServer({ key, cert }, (socket: TLSSocket) =>
        socket.on("error", () => undefined).end("HTTP/1.1 204 No Content\r\n\r\n"),
      ),
    );

  test("with a valid certificate delivers", async () => {
    const port = await serve(certificate(host, { issuer: authority }));
    expect(await post(here, port)).toMatchObject({ delivered: true, attempt: { statusCode: 204 } });
  });

  test("with a sent intermediate certificate delivers", async () => {
    const leaf = certificate(host, { issuer: intermediate });
    const port = await serve({ key: leaf.key, cert: leaf.cert + intermediate.cert });
    expect(await post(here, port)).toMatchObject({ delivered: true });
  });

  test.each<[string, Certificate]>([
    ["is self-signed", certificate(host)],
    ["has expired", certificate(host, { issuer: authority, validUntil: new Date(Date.now() - day / 2) })],
    ["is not valid yet", certificate(host, { issuer: authority, validFrom: new Date(Date.now() + day / 2) })],
    ["is another host's", certificate("other.example", { issuer: authority })],
    ["lacks its intermediate", certificate(host, { issuer: intermediate })],
    [
      "is signed by an unknown authority",
      certificate(host, { issuer: certificate("Unknown Root", { isAuthority: true }) }),
    ],
    ["is signed by a certificate that is no authority", signedByLeaf()],
  ])("with a certificate that %s fails", async (_, wrong) => {
    const port = await serve(wrong);
    expect(await post(here, port)).toMatchObject({ delivered: false, attempt: { error: "tls-failed" } });
  });

  test("fails if the server does not speak it", async () => {
    const port = await listening(createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
    expect(await post(here, port)).toMatchObject({ delivered: false, attempt: { error: "tls-failed" } });
  });

  test("fails without a common version", async () => {
    const { key, cert } = certificate(host, { issuer: authority });
    const port = await listening(createTlsServer({ key, cert, maxVersion: "TLSv1.1", minVersion: "TLSv1" }));
    expect(await post(here, port)).toMatchObject({ delivered: false, attempt: { error: "tls-failed" } });
  });

  function signedByLeaf(): Certificate {
    const leaf = certificate("leaf.example", { issuer: authority });
    const wrong = certificate(host, { issuer: leaf });
    return { ...wrong, cert: wrong.cert + leaf.cert };
  }
});

describe("a connection reset", () => {
  const reset = (socket: Socket) => void socket.on("error", () => undefined).resetAndDestroy();

  test.each<[string, string, (socket: Socket) => void, object]>([
    ["at connect", "http", reset, { error: "connection-failed" }],
    ["during the TLS handshake", "https", (socket) => socket.once("data", () => reset(socket)), {}],
    ["after the request", "http", (socket) => socket.once("data", () => reset(socket)), {}],
    ["amid the status line", "http", answeringAndReset("HTTP/1.1 2"), {}],
    ["amid the headers", "http", answeringAndReset("HTTP/1.1 200 OK\r\ncontent-le"), {}],
    ["amid the body of a failure", "http", answeringAndReset("HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\nhal"), {}],
  ])("%s fails the attempt", async (_, scheme, onConnection, attempt) => {
    const port = await listening(createServer(onConnection));
    const name = scheme === "http" ? "localhost" : host;
    expect(await post(here, port, { scheme, name })).toMatchObject({
      delivered: false,
      attempt: { error: "connection-failed", ...attempt },
    });
  });

  test("in the body of a success is still a success", async () => {
    const port = await listening(createServer(answeringAndReset("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhal")));
    const posted = await post(here, port, { scheme: "http", name: "localhost" });
    expect(posted).toMatchObject({ delivered: true, attempt: { statusCode: 200 } });
    expect(posted.attempt).not.toHaveProperty("error");
  });

  function answeringAndReset(text: string) {
    return (socket: Socket) => {
      socket.once("data", () => socket.write(text, () => setTimeout(reset, 20, socket)));
    };
  }
});

test.each(["not HTTP at all\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 9999 Odd\r\n\r\n"])(
  "a response that is not HTTP fails the attempt: %j",
  async (text) => {
    const port = await listening(createServer((socket) => socket.on("error", () => undefined).end(text)));
    expect(await post(here, port, { scheme: "http", name: "localhost" })).toMatchObject({
      delivered: false,
      attempt: { error: "connection-failed" },
    });
  },
);
