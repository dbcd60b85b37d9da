import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { HttpError } from "../../../functions/platform/http-error.ts";
import { readJson, readQuery } from "../../../functions/platform/json-body.ts";

const anything = z.unknown();

function read(
  text: string | Buffer,
  contentType: string | undefined = "application/json",
  schema: z.ZodType = anything,
) {
  return readJson(schema, { bytes: Buffer.from(text), contentType });
}

function refusal(act: () => unknown): Pick<HttpError, "statusCode" | "errors" | "headers"> {
  try {
    act();
  } catch (error) {
    if (error instanceof HttpError)
      return { statusCode: error.statusCode, errors: error.errors, headers: error.headers };
    throw error;
  }
  throw new Error("it was taken");
}

test.each([
  "application/json",
  "application/vnd.api+json",
  "Application/JSON; charset=utf-8",
  'application/json;charset="UTF-8"',
  "application/json; charset=utf8",
  "application/json; profile=x; charset=utf-8",
])("%s is JSON", (type) => {
  expect(read('{"a":1}', type)).toEqual({ a: 1 });
});

test.each([
  ...["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "", "application/json, text/plain"],
  ...["application/json; charset=iso-8859-1", "application/json;charset=utf-16", "application/json; charset='utf-8'"],
])("%p is 415", (type) => {
  expect(refusal(() => read("{}", type))).toMatchObject({
    statusCode: 415,
    errors: [{ source: { header: "Content-Type" } }],
  });
});

test.each(["gzip", "br", "deflate", "GZIP", "identity, gzip", ""])(
  "a body with encoding %p is 415, and says so",
  (encoding) => {
    const body = { bytes: gzipSync("{}"), contentType: "application/json", contentEncoding: encoding };
    expect(refusal(() => readJson(anything, body))).toMatchObject({
      statusCode: 415,
      errors: [{ source: { header: "Content-Encoding" } }],
      headers: { "accept-encoding": "identity" },
    });
  },
);

test("a body with encoding identity is read", () => {
  const body = { bytes: Buffer.from("[]"), contentType: "application/json", contentEncoding: "Identity" };
  expect(readJson(anything, body)).toEqual([]);
});

test("a body without a type is 415", () => {
  expect(refusal(() => readJson(anything, { bytes: Buffer.from("{}"), contentType: undefined })).statusCode).toBe(415);
});

test("a body of 64 KB is read, and one byte more is 413", () => {
  const full = JSON.stringify("x".repeat(64 * 1024 - 2));
  expect(read(full)).toHaveLength(64 * 1024 - 2);
  expect(refusal(() => read(`${full} `)).statusCode).toBe(413);
});

describe("400 for", () => {
  test.each([
    ["nothing", ""],
    ["half of it", '{"a":'],
    ["single quotes", "{'a':1}"],
    ["invalid UTF-8", Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    ["an overlong UTF-8 form", Buffer.from([0x22, 0xc0, 0x80, 0x22])],
    ["deep nesting", `${"[".repeat(18)}${"]".repeat(18)}`],
    ["a depth that overflows the stack", `${"[".repeat(30_000)}${"]".repeat(30_000)}`],
    ["more parts than are looked at", `[${Array(10_001).fill("1").join(",")}]`],
  ])("%s", (_, text) => {
    expect(refusal(() => read(text)).statusCode).toBe(400);
  });
});

test("sixteen levels are accepted", () => {
  expect(read(`${"[".repeat(17)}${"]".repeat(17)}`)).toBeDefined();
});

test("a prototype in the body stays data", () => {
  const body = read('{"__proto__":{"polluted":true},"a":1}', "application/json", z.object({ a: z.number() }));
  expect(body).toEqual({ a: 1 });
  expect(body).not.toHaveProperty("polluted");
});

test("each error has its JSON pointer, escaped", () => {
  const schema = z.object({ data: z.array(z.object({ "a/b~c": z.number() })) });
  const { statusCode, errors } = refusal(() =>
    read('{"data":[{"a/b~c":1},{"a/b~c":"x"},{}]}', "application/json", schema),
  );
  expect(statusCode).toBe(400);
  expect(errors.map(({ source }) => source?.pointer)).toEqual(["/data/1/a~1b~0c", "/data/2/a~1b~0c"]);
});

test("at most fifty errors are listed", () => {
  const schema = z.array(z.number());
  const text = JSON.stringify(Array(80).fill("x"));
  expect(refusal(() => read(text, "application/json", schema)).errors).toHaveLength(50);
});

test("an invalid query parameter is named", () => {
  const schema = z.object({ "page[size]": z.coerce.number() });
  expect(refusal(() => readQuery(schema, { "page[size]": "many" })).errors).toMatchObject([
    { status: "400", source: { parameter: "page[size]" } },
  ]);
});

test("each unknown query parameter is named", () => {
  const schema = z.strictObject({ "page[size]": z.string().optional() });
  const query = { "page[number]": "2", sort: "-createdAt", "page[size]": "1", constructor: "x" };
  expect(
    refusal(() => readQuery(schema, query))
      .errors.map(({ source }) => source?.parameter)
      .toSorted(),
  ).toEqual(["constructor", "page[number]", "sort"]);
});

test("an invalid name has the reason in its error", () => {
  const schema = z.record(z.string().regex(/^[a-z]+$/, "must be in lower case"), z.string());
  expect(refusal(() => read('{"A/B":"1"}', undefined, schema)).errors).toMatchObject([
    { detail: "must be in lower case", source: { pointer: "/A~1B" } },
  ]);
});
