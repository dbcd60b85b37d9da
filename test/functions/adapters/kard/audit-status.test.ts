import { afterEach, describe, expect, test } from "@jest/globals";
import { answering } from "../../../support/kard/hostile-kard.ts";
import { kardRequest } from "../../../support/kard/kard-client.ts";
import { cleanups, withHostile } from "./hostile-responses.ts";
import { closed, open } from "./status-bodies.ts";

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const isoTime = "2022-09-15T19:03:26.236Z";

describe("a status response that is", () => {
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
        kardAuditId: "_id" in odd ? odd._id : "a1",
        status: "CLOSED",
        resolution: { resolutionCode, resolutionDescription, resolutionTimeStamp, ...resolution },
      },
    });
    expect(calls[0]).toEqual({ route: "status", status: 200, ms: expect.any(Number) });
  });

  test("has no request if only the status is asked for", async () => {
    const { kard } = await withHostile(answering(200, closed));
    const whole = await kard.getAudit("o", "a1");
    const short = await kard.getAudit("o", "a1", { statusOnly: true });
    expect(whole).toMatchObject({ audit: { request: { transactionId: closed.transactionId } } });
    const { audit } = whole as Extract<typeof whole, { outcome: "known" }>;
    expect(short).toEqual({ outcome: "known", audit: { ...audit, request: undefined } });
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
