import { expect, test } from "@jest/globals";
import { idempotencyOf } from "../../../../functions/audits-api/submit/idempotency-key.ts";
import { HttpError } from "../../../../functions/platform/http-error.ts";
import { aHttpRequest } from "../http-request.ts";

const keyOf = (header: string) => idempotencyOf(aHttpRequest({ headers: { "idempotency-key": header } }))?.key;

test("a request without the header has none", () => {
  expect(idempotencyOf(aHttpRequest())).toBeUndefined();
});

test.each([
  ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', "8e03978e-40d5-43dd-bc93-6894a57f9324"],
  ["8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"],
  ['"with space"', "with space"],
  ['"a\\"b\\\\c"', 'a"b\\c'],
  ["k", "k"],
  ["x".repeat(255), "x".repeat(255)],
])("%s is the key %s", (header, key) => {
  expect(keyOf(header)).toBe(key);
});

test.each(["", '""', '"', '"open', "with space", "ümlaut", '"ü"', "a\tb", '"a"b', "x".repeat(256)])(
  "%p is refused",
  (header) => {
    expect(() => keyOf(header)).toThrow(HttpError);
    expect(() => keyOf(header)).toThrow("1 to 255");
  },
);

test("a key in quotes equals the same key without", () => {
  expect(keyOf('"abc"')).toBe(keyOf("abc"));
});

test.each([
  ["method", { method: "PUT" }],
  ["path", { path: "/v2/issuers/org/users/other/audits" }],
  ["body", { body: { bytes: Buffer.from("{ }"), contentType: "application/json" } }],
])("the fingerprint covers the %s, too", (_, changes) => {
  const headers = { "idempotency-key": "k" };
  const one = idempotencyOf(aHttpRequest({ headers }));
  const other = idempotencyOf(aHttpRequest({ headers, ...changes }));
  expect(one?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(other?.fingerprint).not.toBe(one?.fingerprint);
});
