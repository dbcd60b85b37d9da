import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { connect } from "../../../cli/api/api.ts";
import { streamEvents } from "../../../cli/api/events.ts";
import { eventLine } from "../../../cli/listen/event-line.ts";
import { forwardEvent } from "../../../cli/listen/forward-event.ts";
import { sessionSecret } from "../../../cli/listen/session-secret.ts";
import { asciiJson } from "../../../functions/core/events/ascii-json.ts";
import { exampleEvent } from "../../../functions/core/events/example-event.ts";
import { isKardSignature } from "../../../functions/core/kard/kard-signature.ts";

type Page = { ids: string[]; next?: string; hasNextPage?: boolean } | number;

const bodyOf = (id: string) =>
  asciiJson(exampleEvent("audit.closed", { id, organizationId: "org", now: Date.parse("2026-03-15T12:00:00Z") }));

/** The tracker's next answers: pages of the feed, or statuses of failures. */
let pages: Page[] = [];
let asked: URL[] = [];

const server = createServer(async (request, response) => {
  asked.push(new URL(request.url ?? "", "http://tracker"));
  const page = pages.shift() ?? { ids: [] };
  if (typeof page === "number") return response.writeHead(page).end();
  const { ids, next, hasNextPage = false } = page;
  const data = ids.map((id) => ({
    ...{ type: "event", id },
    attributes: { eventName: "audit.closed", publishedAt: "2026-03-15T12:00:00.000Z", body: bodyOf(id) },
  }));
  response.end(JSON.stringify({ data, meta: { hasNextPage }, links: next === undefined ? {} : { next } }));
});
beforeEach(async () => {
  asked = [];
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});
const urlOf = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Follows the feed until there were as many events. */
async function follow(count: number, onRetry?: (reason: string) => void) {
  const timing = { maxTries: Number.POSITIVE_INFINITY, firstPauseMs: 1, maxPauseMs: 5 };
  const api = connect(
    { url: urlOf(), key: "kat_x", organizationId: "org" },
    { ...timing, ...(onRetry && { onRetry }) },
  );
  const stop = new AbortController();
  const ids: string[] = [];
  const since = "2026-03-15T00:00:00.000Z";
  for await (const { id } of streamEvents(api, {
    since,
    eventNames: ["audit.closed"],
    everyMs: 1,
    stop: stop.signal,
  })) {
    ids.push(id);
    if (ids.length === count) stop.abort();
  }
  return ids;
}

test("each event comes once, although unsettled events come with every page", async () => {
  pages = [{ ids: ["a", "b"] }, { ids: ["a", "b", "c"], next: "/next", hasNextPage: true }, { ids: ["c", "d"] }];
  expect(await follow(4)).toEqual(["a", "b", "c", "d"]);
  expect(asked.map(({ pathname }) => pathname)).toEqual(["/v2/issuers/org/events", "/v2/issuers/org/events", "/next"]);
  expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({
    ...{ "page[recent]": "true", "page[size]": "200" },
    ...{ "filter[after]": "2026-03-15T00:00:00.000Z", "filter[type]": "audit.closed" },
  });
});

test("after an outage of the tracker it continues at its position and reports the failures", async () => {
  pages = [{ ids: ["a"], next: "/next" }, 503, 502, { ids: ["b"] }];
  const reasons: string[] = [];
  expect(await follow(2, (reason) => reasons.push(reason))).toEqual(["a", "b"]);
  expect(reasons).toEqual(["status 503", "status 502"]);
  expect(asked.at(-1)?.pathname).toBe("/next");
});

test("it ends if the key is refused while it listens", async () => {
  pages = [{ ids: ["a"] }, 401];
  await expect(follow(2)).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining("API key") });
});

test("an event is forwarded as the tracker signs it, in both formats", async () => {
  const received: { headers: Record<string, string>; body: string }[] = [];
  const receiver = createServer(async (request, response) => {
    received.push({ headers: request.headers as Record<string, string>, body: await text(request) });
    response.writeHead(302, { location: "/" }).end("moved");
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;
  try {
    const secret = sessionSecret({}, undefined);
    const forwarded = await forwardEvent({ url, secret, format: undefined }, { id: "evt_1", body: bodyOf("evt_1") });
    expect(forwarded).toEqual({ delivered: false, statusCode: 302, milliseconds: expect.any(Number) });
    const [standard] = received;
    expect(standard?.body).toBe(bodyOf("evt_1"));
    expect(new Webhook(secret).verify(standard?.body ?? "", standard?.headers ?? {})).toMatchObject({ id: "evt_1" });

    const key = sessionSecret({}, "kard");
    await forwardEvent({ url, secret: key, format: "kard" }, { id: "evt_2", body: bodyOf("evt_2") });
    const { headers = {}, body = "" } = received[1] ?? {};
    expect(isKardSignature(key, Buffer.from(body), headers["notify-signature"] ?? "")).toBe(true);
    expect(JSON.parse(body)).toMatchObject({ data: { type: "auditUpdate", id: "evt_2" } });
  } finally {
    receiver.close();
    receiver.closeAllConnections();
  }
  const refused = await forwardEvent({ url, secret: "whsec_AAAA", format: undefined }, { id: "e", body: "{}" });
  expect(refused).toMatchObject({ delivered: false, errorMessage: expect.stringMatching(/^fetch failed/) });
});

test("the environment gives a secret that stays the same, if it has the right form", () => {
  const own = `whsec_${Buffer.alloc(32).toString("base64")}`;
  expect(sessionSecret({ KARD_AUDITS_WEBHOOK_SECRET: own }, undefined)).toBe(own);
  expect(() => sessionSecret({ KARD_AUDITS_WEBHOOK_SECRET: "guess" }, undefined)).toThrow(/must be whsec_/);
});

test("an event is one line, with what the receiver answered", () => {
  const event = { eventName: "audit.closed", body: bodyOf("evt_1") };
  expect(eventLine(event)).toBe("12:00:00  audit.closed       example-evt_1  example  CLOSED  5004");
  expect(eventLine(event, { delivered: true, statusCode: 204, milliseconds: 7 })).toMatch(/5004 {2}→ 204 \(7 ms\)$/);
});
