import { afterEach, describe, expect, test } from "@jest/globals";
import { hostResolver } from "../../../../functions/adapters/webhooks/host-resolver.ts";
import { fakeClock } from "../../../support/fake-clock.ts";
import { type DnsResponse, startDnsServer } from "../../../support/webhooks/dns-server.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A long timeout, because a query that a busy machine answers late would be repeated. */
async function resolverOf(zone: Record<string, DnsResponse>, timeoutMs = 5_000) {
  const dns = await startDnsServer(zone);
  stops.push(dns.stop);
  const time = fakeClock();
  return { dns, time, resolve: hostResolver(time.now, { servers: [dns.server], timeoutMs }) };
}

const four = (address: string) => ({ address, family: 4 });
const six = (address: string) => ({ address, family: 6 });

describe("a name", () => {
  test("has the addresses of both families, IPv4 first", async () => {
    const { resolve, dns } = await resolverOf({
      "issuer.example": { A: ["93.184.216.34", "93.184.216.35"], AAAA: ["2606:2800:220::1"] },
    });
    expect(await resolve("issuer.example")).toEqual([
      four("93.184.216.34"),
      four("93.184.216.35"),
      six("2606:2800:220::1"),
    ]);
    expect(dns.queries.sort()).toEqual(["A issuer.example", "AAAA issuer.example"]);
  });

  test.each<[string, DnsResponse, object[]]>([
    ["IPv4 alone", { A: ["93.184.216.34"] }, [four("93.184.216.34")]],
    ["IPv6 alone", { AAAA: ["2606:2800:220::1"] }, [six("2606:2800:220::1")]],
    ["IPv4, while IPv6 is never answered", { A: ["93.184.216.34"], silentFor: "AAAA" }, [four("93.184.216.34")]],
    ["IPv6, while IPv4 is never answered", { AAAA: ["2606:2800:220::1"], silentFor: "A" }, [six("2606:2800:220::1")]],
  ])("may have %s", async (_, response, addresses) => {
    const { resolve } = await resolverOf({ "issuer.example": response });
    expect(await resolve("issuer.example")).toEqual(addresses);
  });

  test.each<[DnsResponse, string]>([
    ["NXDOMAIN", "host-not-found"],
    ["empty", "host-not-found"],
    ["SERVFAIL", "dns-failed"],
    ["REFUSED", "dns-failed"],
    ["silent", "timeout"],
    ["garbage", "dns-failed"],
  ])("that is answered %s cannot be resolved: %s", async (response, failure) => {
    const { resolve } = await resolverOf({ "issuer.example": response }, response === "silent" ? 200 : undefined);
    await expect(resolve("issuer.example")).rejects.toMatchObject({ failure });
  });

  test("cannot be resolved without a name server", async () => {
    const { dns, resolve } = await resolverOf({});
    await dns.stop();
    stops.length = 0;
    await expect(resolve("issuer.example")).rejects.toMatchObject({ failure: "dns-failed" });
  });

  test.each([`${"a".repeat(64)}.example`, "a..example"])("that cannot exist is not found: %s", async (hostname) => {
    const { resolve } = await resolverOf({});
    await expect(resolve(hostname)).rejects.toMatchObject({ failure: "host-not-found" });
  });

  test("whose servers never answer does not block others, for any number of them", async () => {
    const zone: Record<string, DnsResponse> = { "healthy.example": { A: ["93.184.216.34"], AAAA: [] } };
    for (let number = 0; number < 50; number++) zone[`dead-${number}.example`] = "silent";
    const { resolve } = await resolverOf(zone);
    const ends = Object.keys(zone)
      .reverse()
      .map((name) =>
        resolve(name).then(
          () => name,
          () => name,
        ),
      );
    expect(await Promise.race(ends)).toBe("healthy.example");
  });
});

test("localhost is this machine, without a query", async () => {
  const { resolve, dns } = await resolverOf({});
  expect(await resolve("localhost")).toEqual([four("127.0.0.1"), six("::1")]);
  expect(dns.queries).toEqual([]);
});

describe("addresses are cached", () => {
  test("for their TTL, up to a minute", async () => {
    const { resolve, dns, time } = await resolverOf({
      "short.example": { A: ["93.184.216.34"], AAAA: [], ttl: 30 },
      "long.example": { A: ["93.184.216.34"], AAAA: [], ttl: 86_400 },
    });
    const asked = async (name: string) => {
      dns.queries.length = 0;
      await resolve(name);
      return dns.queries.length > 0;
    };
    expect([await asked("short.example"), await asked("long.example")]).toEqual([true, true]);
    time.advance(29_999);
    expect([await asked("short.example"), await asked("long.example")]).toEqual([false, false]);
    time.advance(2);
    expect([await asked("short.example"), await asked("long.example")]).toEqual([true, false]);
    time.advance(30_000);
    expect(await asked("long.example")).toBe(true);
  });

  test("and queried once by concurrent callers", async () => {
    const { resolve, dns } = await resolverOf({ "issuer.example": { A: ["93.184.216.34"] } });
    await Promise.all(Array.from({ length: 10 }, () => resolve("issuer.example")));
    expect(dns.queries.sort()).toEqual(["A issuer.example", "AAAA issuer.example"]);
  });

  test("and failures are not", async () => {
    const { resolve, dns } = await resolverOf({ "issuer.example": "NXDOMAIN" });
    await expect(resolve("issuer.example")).rejects.toThrow();
    dns.zone["issuer.example"] = { A: ["93.184.216.34"] };
    expect(await resolve("issuer.example")).toEqual([four("93.184.216.34")]);
  });
});
