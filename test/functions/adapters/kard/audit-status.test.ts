import type { RequestListener } from "node:http";
import { afterEach, describe, expect, test } from "@jest/globals";
import { answering } from "../../../support/kard/hostile-kard.ts";
import { kardRequest } from "../../../support/kard/kard-client.ts";
import { cleanups, cutOff, deep, malformed, withHostile } from "./hostile-responses.ts";

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const open = { _id: "a1", ...kardRequest, status: "NEW" };
const closed = {
  ...open,
  status: "CLOSED",
  resolutionCode: 5001,
  resolutionDescription: "d",
  resolutionTimeStamp: "t",
};
const isoTime = "2022-09-15T19:03:26.236Z";

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

  test("closed with an unknown code, nulls, or without a description, is passed on", async () => {
    const resolutionOf = async (fields: object) => {
      const { kard } = await withHostile(answering(200, { ...open, status: "CLOSED", ...fields }));
      return kard.getAudit("o", "a1");
    };
    const nothing = { resolutionCode: null, resolutionDescription: null, resolutionTimeStamp: null };
    expect(await resolutionOf({ resolutionCode: 7777 })).toMatchObject({
      audit: { resolution: { resolutionCode: 7777 } },
    });
    expect(await resolutionOf(nothing)).toMatchObject({ audit: { resolution: nothing } });
    expect(await resolutionOf({})).toMatchObject({ audit: { resolution: nothing } });
  });

  test.each<[string, object, object]>([
    ["a lower-case status", { status: "closed" }, {}],
    ["a code written as text", { resolutionCode: "5001" }, {}],
    [
      "a description with controls",
      { resolutionDescription: "a\x1b[2J\u202eb\n" },
      { resolutionDescription: "a[2Jb\n" },
    ],
    ["a description that is a number", { resolutionDescription: 7 }, { resolutionDescription: "7" }],
    ["a time in milliseconds", { resolutionTimeStamp: 1_663_268_606_236 }, { resolutionTimeStamp: isoTime }],
    ["a time in seconds", { resolutionTimeStamp: 1_663_268_606.236 }, { resolutionTimeStamp: isoTime }],
    ["a time that is none", { resolutionTimeStamp: {} }, { resolutionTimeStamp: null }],
    ["a time out of range", { resolutionTimeStamp: 1e300 }, { resolutionTimeStamp: null }],
    ["a merchant that is null", { merchantName: null }, {}],
    ["an audit code written as text", { auditCode: "3006" }, {}],
    ["an audit code that is none", { auditCode: null }, {}],
    ["a fraction of a cent", { transactionAmountInCents: 26.5 }, {}],
    ["a merchant's id that is a number", { merchantId: 7 }, {}],
    ["no transaction", { transactionId: undefined }, {}],
    ["fields that nobody knows", { links: { self: "/" }, history: [] }, {}],
    ["an id in capitals", { _id: "A1" }, {}],
  ])("closed with %s is interpreted", async (_, odd, resolution) => {
    const { kard, calls } = await withHostile(answering(200, { ...closed, ...odd }));
    const { resolutionCode, resolutionDescription, resolutionTimeStamp } = closed;
    expect(await kard.getAudit("o", "a1")).toMatchObject({
      outcome: "known",
      audit: {
        kardAuditId: "a1",
        status: "CLOSED",
        resolution: { resolutionCode, resolutionDescription, resolutionTimeStamp, ...resolution },
      },
    });
    expect(calls[0]).toEqual({ route: "status", status: 200, ms: expect.any(Number) });
  });

  test("for a numeric id is that audit's", async () => {
    const { kard } = await withHostile(answering(200, { ...open, _id: 4711 }));
    expect(await kard.getAudit("o", "4711")).toMatchObject({ outcome: "known", audit: { kardAuditId: "4711" } });
  });

  test("of an unknown status is open, with that status, and is reported", async () => {
    const { kard, calls } = await withHostile(answering(200, { ...open, status: "Under\u0000Review" }));
    expect(await kard.getAudit("o", "a1")).toMatchObject({
      outcome: "known",
      audit: { status: "UNKNOWN", kardStatus: "Under Review" },
    });
    expect(calls[0]).toMatchObject({ status: 200, notUnderstood: { reason: "unknown-status" } });
    expect(calls[0]).not.toHaveProperty("failure");
  });

  test.each(["deleted", "5001a", 5001.5, {}, ["5001"], false, ""])(
    "closed with the unreadable code %j is closed without one, and is reported",
    async (resolutionCode) => {
      const { kard, calls } = await withHostile(answering(200, { ...closed, resolutionCode }));
      expect(await kard.getAudit("o", "a1")).toMatchObject({
        outcome: "known",
        audit: { status: "CLOSED", resolution: { resolutionCode: null, resolutionDescription: "d" } },
      });
      expect(calls[0]).toMatchObject({ status: 200, notUnderstood: { reason: "unreadable-resolution" } });
      expect(calls[0]).not.toHaveProperty("failure");
    },
  );

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

  test.each<[string, object, object | undefined]>([
    ["its request as it was made", {}, kardRequest],
    ["numbers written as text", { auditCode: "8001" }, kardRequest],
    [
      "texts that are missing",
      { merchantName: null, auditDescription: undefined },
      { ...kardRequest, merchantName: "", auditDescription: "" },
    ],
    [
      "optional fields",
      { merchantId: 7, submitterName: null, transactionAmountInCents: 26.5 },
      { ...kardRequest, merchantId: "7" },
    ],
    ["no transaction", { transactionId: null }, undefined],
    ["no code", { auditCode: {} }, undefined],
  ])("with %s has the request, or none", async (_, odd, request) => {
    const { kard } = await withHostile(answering(200, { ...open, ...odd }));
    expect(await kard.getAudit("o", "a1")).toEqual({
      outcome: "known",
      audit: { kardAuditId: "a1", status: "NEW", request },
    });
  });

  test("too long or with lone surrogates is shortened and repaired", async () => {
    const { kard } = await withHostile(
      answering(200, { ...closed, resolutionDescription: `\ud800${"x".repeat(9_999)}` }),
    );
    expect(await kard.getAudit("o", "a1")).toMatchObject({
      audit: { resolution: { resolutionDescription: `\ufffd${"x".repeat(4_999)}` } },
    });
  });
});

function drip(...[, response]: Parameters<RequestListener>) {
  response.writeHead(200);
  const drops = setInterval(() => response.write(" "), 10);
  response.on("close", () => clearInterval(drops));
}
