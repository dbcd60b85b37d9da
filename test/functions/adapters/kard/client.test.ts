import type { RequestListener } from "node:http";
import { afterEach, describe, expect, test } from "@jest/globals";
import { answering, startHostileKard } from "../../../support/hostile-kard.ts";
import { grantedToken, kardClientOf, kardRequest, legacyKardRequest } from "../../../support/kard-client.ts";

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function withHostile(listener: RequestListener, requestTimeoutMs?: number) {
  const hostile = await startHostileKard(listener);
  cleanups.push(hostile.stop);
  return kardClientOf(hostile.url, requestTimeoutMs === undefined ? {} : { requestTimeoutMs });
}

const open = { _id: "a1", ...kardRequest, status: "NEW" };
const closed = {
  ...open,
  status: "CLOSED",
  resolutionCode: 5001,
  resolutionDescription: "d",
  resolutionTimeStamp: "t",
};
const isoTime = "2022-09-15T19:03:26.236Z";
const malformed = { outcome: "not-understood", reason: "malformed-answer" };
const deep = "[".repeat(100_000) + "]".repeat(100_000);

describe("a status answer that is", () => {
  test.each<[string, RequestListener, unknown]>([
    ["without a status", answering(200, { ...open, status: undefined }), malformed],
    ["of a status that is no text", answering(200, { ...open, status: 3 }), malformed],
    ["without an id", answering(200, { ...open, _id: undefined }), malformed],
    [
      "another audit's",
      answering(200, { ...open, _id: "a2" }),
      { outcome: "not-understood", reason: "mismatched-answer" },
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
    ["a code that is none", { resolutionCode: "deleted" }, { resolutionCode: null }],
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

  test("malformed is reported by its shape, without values", async () => {
    const { kard, calls } = await withHostile(
      answering(200, { ...open, status: null, errors: [{ secret: "s" }], a100: 1 }),
    );
    await kard.getAudit("o", "a1");
    expect(calls).toEqual([
      {
        ...{ route: "status", status: 200, ms: expect.any(Number), failure: "malformed-answer" },
        notUnderstood: {
          reason: "malformed-answer",
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

const { transactionId } = kardRequest;
const created = (transactionId: string, id: unknown = "k1") => ({
  data: [{ type: "audit", id, attributes: { transactionId } }],
});
const unanswered = (reason: string) => ({ outcome: "unanswered", reason });
const withoutId = (reason: string) => ({ outcome: "accepted-without-id", reason });
const acceptedAs = (kardAuditId: string) => ({ outcome: "accepted", kardAuditId });
const anError = { status: "400", title: "Invalid Request", detail: "no" };

describe("an answer to a create that is", () => {
  test.each<[string, RequestListener, unknown]>([
    ["of another transaction", answering(201, created("another")), withoutId("mismatched-answer")],
    ["without an id", answering(201, created(transactionId, null)), withoutId("malformed-answer")],
    ["with an id that is no id", answering(201, created(transactionId, "a\nb")), withoutId("malformed-answer")],
    ["a 201 of HTML", answering(201, "<html>"), withoutId("malformed-answer")],
    ["a 201 without data", answering(201, {}), withoutId("malformed-answer")],
    ["a 201 of nothing", answering(201, ""), withoutId("malformed-answer")],
    ["a 201 of errors alone", answering(201, { errors: [anError] }), withoutId("malformed-answer")],
    ["a 204", answering(204, ""), withoutId("malformed-answer")],
    ["of several audits, none ours", answering(201, { data: [{ id: 1 }, { id: 2 }] }), withoutId("mismatched-answer")],
    [
      "of several audits, one ours",
      answering(201, { data: [...created("another").data, ...created(transactionId, "k2").data] }),
      acceptedAs("k2"),
    ],
    ["of the transaction in capitals", answering(201, created(transactionId.toUpperCase())), acceptedAs("k1")],
    ["of the transaction with blanks", answering(201, created(` ${transactionId}\n`)), acceptedAs("k1")],
    ["without attributes", answering(201, { data: [{ type: "audit", id: "k1" }] }), acceptedAs("k1")],
    ["with attributes that are null", answering(201, { data: [{ id: "k1", attributes: null }] }), acceptedAs("k1")],
    ["with errors that are null", answering(201, { ...created(transactionId), errors: null }), acceptedAs("k1")],
    ["with data that is one object", answering(201, { data: created(transactionId).data[0] }), acceptedAs("k1")],
    ["with a number for an id", answering(201, created(transactionId, 4711)), acceptedAs("4711")],
    [
      "with a number beyond a double",
      answering(201, '{"data":[{"id":12345678901234567890}]}'),
      withoutId("malformed-answer"),
    ],
    ["a 200", answering(200, created(transactionId)), acceptedAs("k1")],
    ["the legacy call's", answering(201, { _id: "k1", transactionId, merchantName: null }), acceptedAs("k1")],
    ["the legacy call's without a transaction", answering(200, { _id: 5 }), acceptedAs("5")],
    ["a redirect", answering(307, "", { location: "/elsewhere" }), unanswered("malformed-answer")],
    ["10 MB long", answering(201, "x".repeat(10_000_000)), withoutId("malformed-answer")],
    ["an abyss of JSON", answering(201, deep), withoutId("malformed-answer")],
    ["cut off after its headers", cutOff, withoutId("connection")],
    ["cut off after the headers of a 502", cutOffAfter(502), unanswered("connection")],
    [
      "a 207 that holds the audit",
      answering(207, { ...created(kardRequest.transactionId), errors: [anError] }),
      { outcome: "accepted", kardAuditId: "k1" },
    ],
    ["a 207 of errors", answering(207, { errors: [anError] }), { outcome: "refused", status: 400, errors: [anError] }],
    [
      "a 207 of a server error",
      answering(207, { errors: [{ ...anError, status: "500" }] }),
      unanswered("server-error"),
    ],
    ["a 207 of nothing", answering(207, {}), withoutId("malformed-answer")],
    [
      "a 207 of errors without a status",
      answering(207, { errors: [{ detail: "no" }] }),
      { outcome: "refused", status: 400, errors: [{ status: "400", title: "Bad Request", detail: "no" }] },
    ],
    [
      "a 207 of errors that are texts, and data that is null",
      answering(207, { errors: ["no"], data: null }),
      { outcome: "refused", status: 400, errors: [{ status: "400", title: "Bad Request", detail: "no" }] },
    ],
    [
      "a 503 for a while",
      answering(503, "", { "retry-after": "9" }),
      { outcome: "unanswered", reason: "server-error", retryAfterMs: 9_000 },
    ],
    ["a 408", answering(408, ""), unanswered("timeout")],
    ["a 403", answering(403, ""), { outcome: "unauthorized" }],
  ])("%s", async (_, listener, outcome) => {
    const { kard } = await withHostile(listener);
    expect(await kard.createAudit("o", "u", kardRequest)).toEqual(outcome);
  });

  test.each<[string, unknown, object]>([
    ["a numeric status", { ...anError, status: 404 }, { ...anError, status: "404" }],
    ["a status that is none", { ...anError, status: 200 }, { ...anError, status: "409" }],
    ["no title", { status: "404", detail: "no" }, { status: "404", title: "Not Found", detail: "no" }],
    ["no detail", { title: "It is no good" }, { status: "409", title: "It is no good", detail: "It is no good" }],
    ["nulls", { ...anError, source: null, id: null }, anError],
    [
      "a source of nulls",
      { ...anError, source: { pointer: null, header: "H" } },
      { ...anError, source: { header: "H" } },
    ],
    ["a numeric id", { ...anError, id: 4711 }, { ...anError, id: "4711" }],
    ["a message", { message: "no", code: 1 }, { status: "409", title: "Conflict", detail: "no" }],
  ])("a refusal by an error object with %s is parsed", async (_, error, read) => {
    const { kard } = await withHostile(answering(409, { errors: [error] }));
    expect(await kard.createAudit("o", "u", kardRequest)).toEqual({ outcome: "refused", status: 409, errors: [read] });
  });

  test.each<[string, unknown, string]>([
    ["a JSON string", '"It is no good"', "It is no good"],
    ["plain text", "It is no good", "It is no good"],
    ["a message", { message: "It is no good" }, "It is no good"],
    ["strings", { errors: ["It is no good"] }, "It is no good"],
    ["a bare list of strings", ["It is no good"], "It is no good"],
    ["errors that are one text", { errors: "It is no good" }, "It is no good"],
    ["errors that are one object", { errors: { detail: "It is no good" } }, "It is no good"],
    ["markup", "<script>alert(1)</script>", "Kard gave no readable reason."],
    ["nothing", "", "Kard gave no readable reason."],
    ["an unknown shape", { error: "It is no good" }, "Kard gave no readable reason."],
    ["an abyss", deep, "Kard gave no readable reason."],
  ])("a refusal as %s becomes an error object", async (_, body, detail) => {
    const { kard } = await withHostile(answering(400, body));
    expect(await kard.createAudit("o", undefined, legacyKardRequest)).toEqual({
      outcome: "refused",
      status: 400,
      errors: [{ status: "400", title: "Bad Request", detail }],
    });
  });

  test("a refusal with long texts is shortened", async () => {
    const long = { ...anError, detail: `a\u0000${"b".repeat(5_000)}`, source: { pointer: "/data" }, secret: "x" };
    const { kard } = await withHostile(answering(400, { errors: Array(30).fill(long) }));
    const outcome = await kard.createAudit("o", "u", kardRequest);
    if (outcome.outcome !== "refused") throw new Error(outcome.outcome);
    expect(outcome.errors).toHaveLength(10);
    expect(outcome.errors[0]).toEqual({ ...anError, detail: `a ${"b".repeat(998)}`, source: { pointer: "/data" } });
  });
});

describe("when nothing was sent", () => {
  test("because the connection is refused, the create is known not to have been made", async () => {
    const { url, stop } = await startHostileKard(() => {});
    await stop();
    const { kard } = kardClientOf(url);
    expect(await kard.createAudit("o", "u", kardRequest)).toEqual({ outcome: "unsent", reason: "connection" });
    expect(await kard.getAudit("o", "a1")).toEqual({ outcome: "failed", reason: "connection" });
  });

  test.each([
    [{ outcome: "unauthorized" }, { outcome: "unauthorized" }, { outcome: "unauthorized" }],
    [
      { outcome: "failed", reason: "timeout" },
      { outcome: "unsent", reason: "timeout" },
      { outcome: "failed", reason: "timeout" },
    ],
    [
      { outcome: "throttled", retryAfterMs: 5 },
      { outcome: "throttled", retryAfterMs: 5 },
      { outcome: "throttled", retryAfterMs: 5 },
    ],
  ] as const)("because there is no token (%j)", async (noToken, create, status) => {
    const { kard } = kardClientOf("http://127.0.0.1:1", { tokens: { ...grantedToken, tokenFor: async () => noToken } });
    expect(await kard.createAudit("o", "u", kardRequest)).toEqual(create);
    expect(await kard.getAudit("o", "a1")).toEqual(status);
  });
});

function cutOff(...[request, response]: Parameters<RequestListener>) {
  cutOffAfter(200)(request, response);
}

function cutOffAfter(status: number): RequestListener {
  return (_, response) => {
    response.writeHead(status, { "content-length": "100" });
    response.write("{", () => response.destroy());
  };
}

function drip(...[, response]: Parameters<RequestListener>) {
  response.writeHead(200);
  const drops = setInterval(() => response.write(" "), 10);
  response.on("close", () => clearInterval(drops));
}
