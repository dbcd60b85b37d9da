import type { RequestListener } from "node:http";
import { afterEach, describe, expect, test } from "@jest/globals";
import { answering } from "../../../support/kard/hostile-kard.ts";
import { kardRequest, legacyKardRequest } from "../../../support/kard/kard-client.ts";
import {
  cleanups,
  created,
  cutOff,
  cutOffAfter,
  deep,
  transactionId,
  unanswered,
  withHostile,
} from "./hostile-responses.ts";

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
const withoutId = (reason: string) => ({ outcome: "accepted-without-id", reason });
const acceptedAs = (kardAuditId: string) => ({ outcome: "accepted", kardAuditId });
const anError = { status: "400", title: "Invalid Request", detail: "no" };

describe("a response to a create that is", () => {
  test.each<[string, RequestListener, unknown]>([
    ["of another transaction", answering(201, created("another")), withoutId("mismatched-response")],
    ["without an id", answering(201, created(transactionId, null)), withoutId("malformed-response")],
    ["with an id that is no id", answering(201, created(transactionId, "a\nb")), withoutId("malformed-response")],
    ["a 201 of HTML", answering(201, "<html>"), withoutId("malformed-response")],
    ["a 201 without data", answering(201, {}), withoutId("malformed-response")],
    ["a 201 of nothing", answering(201, ""), withoutId("malformed-response")],
    ["a 201 of errors alone", answering(201, { errors: [anError] }), withoutId("malformed-response")],
    ["a 204", answering(204, ""), withoutId("malformed-response")],
    [
      "of several audits, none ours",
      answering(201, { data: [{ id: 1 }, { id: 2 }] }),
      withoutId("mismatched-response"),
    ],
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
      withoutId("malformed-response"),
    ],
    ["a 200", answering(200, created(transactionId)), acceptedAs("k1")],
    ["the legacy call's", answering(201, { _id: "k1", transactionId, merchantName: null }), acceptedAs("k1")],
    ["the legacy call's without a transaction", answering(200, { _id: 5 }), acceptedAs("5")],
    ["a redirect", answering(307, "", { location: "/elsewhere" }), unanswered("malformed-response")],
    ["10 MB long", answering(201, "x".repeat(10_000_000)), withoutId("malformed-response")],
    ["an abyss of JSON", answering(201, deep), withoutId("malformed-response")],
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
    ["a 207 of nothing", answering(207, {}), withoutId("malformed-response")],
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
