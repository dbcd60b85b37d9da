import type { RequestListener } from "node:http";
import { afterEach, describe, expect, test } from "@jest/globals";
import { answering, startHostileKard } from "../../support/hostile-kard.ts";
import { grantedToken, kardClientOf, kardRequest, legacyKardRequest } from "../../support/kard-client.ts";

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
const malformed = { outcome: "failed", reason: "malformed-answer" };
const deep = "[".repeat(100_000) + "]".repeat(100_000);

describe("a status answer that is", () => {
  test.each<[string, RequestListener, unknown]>([
    ["of an unknown status", answering(200, { ...open, status: "REOPENED" }), malformed],
    ["without a status", answering(200, { ...open, status: undefined }), malformed],
    ["without its description", answering(200, { ...open, auditDescription: undefined }), malformed],
    ["of the wrong type", answering(200, { ...open, auditCode: "8001" }), malformed],
    ["closed with a code of the wrong type", answering(200, { ...closed, resolutionCode: "5001" }), malformed],
    ["another audit's", answering(200, { ...open, _id: "a2" }), { outcome: "failed", reason: "mismatched-answer" }],
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
    ["no HTTP at all", (_, response) => void response.socket?.end("SSH-2.0-OpenSSH\r\n\r\n"), malformed],
  ])("%s", async (_, listener, outcome) => {
    const { kard, calls } = await withHostile(listener);
    expect(await kard.getAudit("o", "a1")).toEqual(outcome);
    expect(calls.at(-1)).toMatchObject({ route: "status", ms: expect.any(Number) });
  });

  test.each<[string, RequestListener]>([
    ["never coming", () => {}],
    ["dripping", drip],
  ])("%s ends at the deadline", async (_, listener) => {
    const { kard, calls } = await withHostile(listener, 100);
    expect(await kard.getAudit("o", "a1")).toEqual({ outcome: "failed", reason: "timeout" });
    expect(await kard.createAudit("o", "u", kardRequest)).toEqual({ outcome: "unanswered", reason: "timeout" });
    expect(calls[0]).toEqual({ route: "status", failure: "timeout", ms: expect.any(Number) });
  });

  test("closed with an unknown code, or with nulls, or without a word, is carried through", async () => {
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

  test("overlong or with lone surrogates is cut and mended", async () => {
    const { kard } = await withHostile(
      answering(200, { ...closed, resolutionDescription: `\ud800${"x".repeat(9_999)}` }),
    );
    expect(await kard.getAudit("o", "a1")).toMatchObject({
      audit: { resolution: { resolutionDescription: `\ufffd${"x".repeat(4_999)}` } },
    });
  });
});

const created = (transactionId: string, id: unknown = "k1") => ({
  data: [{ type: "audit", id, attributes: { transactionId } }],
});
const unanswered = (reason: string) => ({ outcome: "unanswered", reason });
const anError = { status: "400", title: "Invalid Request", detail: "no" };

describe("an answer to a create that is", () => {
  test.each<[string, RequestListener, unknown]>([
    ["of another transaction", answering(201, created("another")), unanswered("mismatched-answer")],
    ["without an id", answering(201, created(kardRequest.transactionId, null)), unanswered("malformed-answer")],
    [
      "with an id that is no id",
      answering(201, created(kardRequest.transactionId, "a\nb")),
      unanswered("malformed-answer"),
    ],
    ["a 201 of HTML", answering(201, "<html>"), unanswered("malformed-answer")],
    ["a 201 without data", answering(201, {}), unanswered("malformed-answer")],
    ["a 204", answering(204, ""), unanswered("malformed-answer")],
    ["a redirect", answering(307, "", { location: "/elsewhere" }), unanswered("malformed-answer")],
    ["10 MB long", answering(201, "x".repeat(10_000_000)), unanswered("malformed-answer")],
    ["an abyss of JSON", answering(201, deep), unanswered("malformed-answer")],
    ["cut off after its headers", cutOff, unanswered("connection")],
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
    ["a 207 of nothing", answering(207, {}), unanswered("malformed-answer")],
    ["a 408", answering(408, ""), unanswered("timeout")],
    ["a 403", answering(403, ""), { outcome: "unauthorized" }],
  ])("%s", async (_, listener, outcome) => {
    const { kard } = await withHostile(listener);
    expect(await kard.createAudit("o", "u", kardRequest)).toEqual(outcome);
  });

  test.each<[string, unknown, string]>([
    ["a JSON string", '"It is no good"', "It is no good"],
    ["plain text", "It is no good", "It is no good"],
    ["a message", { message: "It is no good" }, "It is no good"],
    ["strings", { errors: ["It is no good"] }, "It is no good"],
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

  test("a refusal with too much to say is cut", async () => {
    const long = { ...anError, detail: `a\u0000${"b".repeat(5_000)}`, source: { pointer: "/data" }, secret: "x" };
    const { kard } = await withHostile(answering(400, { errors: Array(30).fill(long) }));
    const outcome = await kard.createAudit("o", "u", kardRequest);
    if (outcome.outcome !== "refused") throw new Error(outcome.outcome);
    expect(outcome.errors).toHaveLength(10);
    expect(outcome.errors[0]).toEqual({ ...anError, detail: `a ${"b".repeat(998)}`, source: { pointer: "/data" } });
  });
});

describe("when nothing was sent", () => {
  test("because nobody listens, a create is known not to have been made", async () => {
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

function cutOff(...[, response]: Parameters<RequestListener>) {
  response.writeHead(200, { "content-length": "100" });
  response.write("{", () => response.destroy());
}

function drip(...[, response]: Parameters<RequestListener>) {
  response.writeHead(200);
  const drops = setInterval(() => response.write(" "), 10);
  response.on("close", () => clearInterval(drops));
}
