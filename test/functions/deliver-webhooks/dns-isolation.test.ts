import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, getCACertificates, setDefaultCACertificates, type TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { webhookSender } from "../../../functions/adapters/webhooks/sender.ts";
import { aSubscription } from "../../support/sample-audits.ts";
import { certificate } from "../../support/webhooks/certificates.ts";
import { type DnsResponse, startDnsServer } from "../../support/webhooks/dns-server.ts";

const authority = certificate("Trusted Root", { isAuthority: true });
const standard = getCACertificates("default");
const healthy = Array.from({ length: 5 }, (_, number) => `healthy-${number}.issuer.example`);

beforeAll(() => setDefaultCACertificates([...standard, authority.cert]));
afterAll(() => setDefaultCACertificates(standard));

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Endpoints with TLS on one port, distinguished by name. */
async function startEndpoints() {
  const { key, cert } = certificate("*.issuer.example", { issuer: authority });
  const server = createServer({ key, cert }, (socket: TLSSocket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end("HTTP/1.1 204 No Content\r\n\r\n"));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  stops.push(() => void server.close());
  return { port: (server.address() as AddressInfo).port };
}

test.each<[string, DnsResponse]>([
  ["whose name servers never answer", "silent"],
  ["whose name servers fail", "SERVFAIL"],
  ["that do not exist", "NXDOMAIN"],
  ["whose name servers answer nonsense", "garbage"],
])("a batch with five hosts %s is as fast for the other five as without", async (_, response) => {
  const zone: Record<string, DnsResponse> = {};
  for (const name of healthy) zone[name] = { A: ["127.0.0.1"], AAAA: [], ttl: 0 };
  const broken = healthy.map((name) => name.replace("healthy", "broken"));
  for (const name of broken) zone[name] = response;
  const dns = await startDnsServer(zone);
  stops.push(dns.stop);
  const endpoints = await startEndpoints();
  const targets = { reach: "public-and-loopback" as const, ports: [endpoints.port], dnsServers: [dns.server] };

  const sender = webhookSender(targets, Date.now);
  const ended: string[] = [];
  const posts = (names: readonly string[]) =>
    names.map(async (name) => {
      const webhookUrl = `https://${name}:${endpoints.port}/`;
      const posted = await sender.send(aSubscription({ webhookUrl }), { id: "evt_1", body: "{}" });
      ended.push(name);
      return posted.delivered;
    });
  // The broken ones come first, batch after batch.
  const failing = posts([...broken, ...broken, ...broken]);
  expect(await Promise.all(posts(healthy))).toEqual(healthy.map(() => true));
  const firstBroken = ended.findIndex((name) => broken.includes(name));
  if (response === "silent") expect(firstBroken).toBe(-1);
  expect(new Set(await Promise.all(failing))).toEqual(new Set([false]));
});
