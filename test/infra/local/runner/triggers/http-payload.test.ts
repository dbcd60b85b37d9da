import { describe, expect, test } from "@jest/globals";
import {
  type ProxiedRequest,
  proxyEvent,
  proxyResponse,
} from "../../../../../infra/local/runner/triggers/http-payload.ts";

const request: ProxiedRequest = {
  method: "POST",
  path: "/a b/c",
  rawQuery: "x=1&x=2&y=%C3%BC&z",
  headers: {
    host: "127.0.0.1:3000",
    "content-type": "application/json; charset=utf-8",
    cookie: "a=1; b=2",
    "user-agent": "test",
    connection: "keep-alive",
  },
  body: Buffer.from('{"ü":1}'),
  sourceIp: "127.0.0.1",
  at: new Date("2026-03-02T09:03:58.123Z"),
  requestId: "b99d80f9-0801-4f9f-8824-81e18b34806d",
  apiId: "api",
  account: "000000000000",
  routeKey: "POST /{p}/c",
  pathParameters: { p: "a b" },
};

describe("proxyEvent", () => {
  test("is payload format 2.0", () => {
    expect(proxyEvent(request)).toEqual({
      version: "2.0",
      routeKey: "POST /{p}/c",
      rawPath: "/a b/c",
      rawQueryString: "x=1&x=2&y=%C3%BC&z",
      cookies: ["a=1", "b=2"],
      headers: {
        host: "127.0.0.1:3000",
        "content-type": "application/json; charset=utf-8",
        "user-agent": "test",
        "x-amzn-trace-id": "Root=1-69a5527e-b99d80f908014f9f882481e1",
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-port": "3000",
        "x-forwarded-proto": "http",
      },
      queryStringParameters: { x: "1,2", y: "ü", z: "" },
      pathParameters: { p: "a b" },
      requestContext: {
        accountId: "000000000000",
        apiId: "api",
        domainName: "127.0.0.1:3000",
        domainPrefix: "api",
        http: { method: "POST", path: "/a b/c", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
        requestId: "b99d80f9-0801-4f9f-8824-81e18b34806d",
        routeKey: "POST /{p}/c",
        stage: "$default",
        time: "02/Mar/2026:09:03:58 +0000",
        timeEpoch: 1772442238123,
      },
      body: '{"ü":1}',
      isBase64Encoded: false,
    });
  });

  test.each([
    ["text/plain", Buffer.from("x"), false],
    ["application/xml", Buffer.from("<x/>"), false],
    ["application/json", Buffer.from([0xff, 0xfe]), true],
    ["application/vnd.api+json", Buffer.from("{}"), true],
    ["application/x-www-form-urlencoded", Buffer.from("a=1"), true],
    [undefined, Buffer.from("x"), true],
  ])("of %s with %s in base64: %s", (contentType, body, base64) => {
    const headers = contentType === undefined ? {} : { "content-type": contentType };
    const event = proxyEvent({ ...request, headers, body });
    expect(event.isBase64Encoded).toBe(base64);
    expect(event.body).toBe(body.toString(base64 ? "base64" : "utf8"));
  });

  test("omits missing parts", () => {
    const event = proxyEvent({ ...request, rawQuery: "", body: Buffer.of(), headers: {}, pathParameters: undefined });
    expect(event).not.toHaveProperty("body");
    expect(event).not.toHaveProperty("cookies");
    expect(event).not.toHaveProperty("queryStringParameters");
    expect(event).not.toHaveProperty("pathParameters");
    expect(event.isBase64Encoded).toBe(false);
  });
});

describe("proxyResponse", () => {
  const read = (result: unknown) => {
    const response = proxyResponse(JSON.stringify(result));
    return response && { ...response, body: response.body.toString() };
  };

  test("accepts a full response", () => {
    const result = {
      statusCode: 201,
      headers: { "X-A": 1 },
      cookies: ["a=1", "b=2"],
      body: "aGk=",
      isBase64Encoded: true,
    };
    expect(read(result)).toEqual({
      status: 201,
      headers: { "content-type": "text/plain;charset=UTF-8", "x-a": "1", "set-cookie": ["a=1", "b=2"] },
      body: "hi",
    });
  });

  test.each([
    ["a string", "hello", "hello"],
    ["an object without a status code", { a: 1 }, '{"a":1}'],
    ["nothing", null, "null"],
  ])("infers a response from %s", (_, result, body) => {
    expect(read(result)).toEqual({ status: 200, headers: { "content-type": "application/json" }, body });
  });

  test.each([
    ["an invalid status code", { statusCode: "abc" }],
    ["a body that is not text", { statusCode: 200, body: { a: 1 } }],
  ])("rejects %s", (_, result) => {
    expect(read(result)).toBeUndefined();
  });
});
