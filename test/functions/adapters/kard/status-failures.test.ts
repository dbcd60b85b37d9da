import type { RequestListener } from "node:http";
import { afterEach, describe, expect, test } from "@jest/globals";
import { answering } from "../../../support/kard/hostile-kard.ts";
import { kardRequest } from "../../../support/kard/kard-client.ts";
import { cleanups, cutOff, deep, malformed, withHostile } from "./hostile-responses.ts";
import { open } from "./status-bodies.ts";

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe("a status response that is", () => {
  test.each<[string, RequestListener, unknown]>([
    ["without a status", answering(200, { ...open, status: undefined }), malformed],
    ["of a status that is no text", answering(200, { ...open, status: 3 }), malformed],
    ["without an id", answering(200, { ...open, _id: undefined }), malformed],
    [
      "another audit's",
      answering(200, { ...open, _id: "a2" }),
      { outcome: "not-understood", reason: "mismatched-response" },
    ],
    ["a page of HTML", answering(200, "<html>Sign in</html>", { "content-type": "text/html" }), malformed],
    [
      "a page of HTML with an error",
      answering(502, "<h1>Bad Gateway</h1>"),
      { outcome: "failed", reason: "server-error" },
    ],
    ["10 MB long", answering(200, "x".repeat(10_000_000)), malformed],
    ["an abyss of JSON", answering(200, deep), malformed],
    ["an array", answering(200, [open]), malformed],
    ["empty", answering(200, ""), malformed],
    ["a 204", answering(204, ""), malformed],
    ["a redirect", answering(302, "", { location: "http://127.0.0.1:1/" }), malformed],
    ["junk that claims to be gzip", answering(200, "junk", { "content-encoding": "gzip" }), malformed],
    ["a 400", answering(400, '"no"'), malformed],
    ["a 403", answering(403, ""), { outcome: "unauthorized" }],
    [
      "a 429 without a date",
      answering(429, "", { "retry-after": "soon" }),
      { outcome: "throttled", retryAfterMs: undefined },
    ],
    [
      "a 429 for ages",
      answering(429, "", { "retry-after": "99999999" }),
      { outcome: "throttled", retryAfterMs: 3_600_000 },
    ],
    [
      "a 429 until a date",
      answering(429, "", { "retry-after": new Date(0).toUTCString() }),
      { outcome: "throttled", retryAfterMs: 0 },
    ],
    ["cut off after its headers", cutOff, { outcome: "failed", reason: "connection" }],
    [
      "not HTTP",
      (_, response) => void response.socket?.end("SSH-2.0-OpenSSH\r\n\r\n"),
      { outcome: "failed", reason: "connection" },
    ],
    ["a 503", answering(503, ""), { outcome: "failed", reason: "server-error" }],
    ["a 503 for a while", answering(503, "", { "retry-after": "9" }), { outcome: "throttled", retryAfterMs: 9_000 }],
  ])("%s", async (_, listener, outcome) => {
    const { kard, calls } = await withHostile(listener);
    expect(await kard.getAudit("o", "a1")).toEqual(outcome);
    expect(calls.at(-1)).toMatchObject({ route: "status", ms: expect.any(Number) });
  });

  test.each<[string, RequestListener, string]>([
    ["never coming", () => {}, "unanswered"],
    ["dripping", drip, "accepted-without-id"],
  ])("%s ends at the deadline", async (_, listener, created) => {
    const { kard, calls } = await withHostile(listener, 100);
    expect(await kard.getAudit("o", "a1")).toEqual({ outcome: "failed", reason: "timeout" });
    expect(await kard.createAudit("o", "u", kardRequest)).toEqual({ outcome: created, reason: "timeout" });
    expect(calls[0]).toEqual({ route: "status", failure: "timeout", ms: expect.any(Number) });
  });

  test("open with an unreadable code is not reported", async () => {
    const { kard, calls } = await withHostile(answering(200, { ...open, resolutionCode: "none yet" }));
    expect(await kard.getAudit("o", "a1")).toMatchObject({ outcome: "known", audit: { status: "NEW" } });
    expect(calls[0]).toEqual({ route: "status", status: 200, ms: expect.any(Number) });
  });

  test("malformed is reported by its shape, without values", async () => {
    const { kard, calls } = await withHostile(
      answering(200, { ...open, status: null, errors: [{ secret: "s" }], a100: 1 }),
    );
    await kard.getAudit("o", "a1");
    expect(calls).toEqual([
      {
        ...{ route: "status", status: 200, ms: expect.any(Number), failure: "malformed-response" },
        notUnderstood: {
          reason: "malformed-response",
          shape: [
            ...["_id: string", "transactionId: string", "auditCode: number", "merchantName: string"],
            ...["auditDescription: string", "status: null", "errors[].secret: string", "*: number"],
          ],
        },
      },
    ]);
  });
});

function drip(...[, response]: Parameters<RequestListener>) {
  response.writeHead(200);
  const drops = setInterval(() => response.write(" "), 10);
  response.on("close", () => clearInterval(drops));
}
