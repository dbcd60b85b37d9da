import { expect, test } from "@jest/globals";
import { request } from "undici";
import { auditFields, call } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";

const { newIssuer, outputs, kard } = await startProduct({ tickSeconds: never, push: false });
const issuer = await newIssuer();
const path = `/v2/issuers/${issuer.organizationId}/users/user-1/audits`;

const bodyWith = (attributes: unknown, type = "audit") => ({ data: [{ type, attributes }] });

test.each([
  ["that is not an object", [], [""]],
  ["without data", {}, ["/data"]],
  ["with data that is not a list", { data: {} }, ["/data"]],
  ["with no audit", { data: [] }, ["/data"]],
  ["with 101 audits", { data: Array.from({ length: 101 }, () => bodyWith(auditFields()).data[0]) }, ["/data"]],
  ["of another type", bodyWith(auditFields(), "subscription"), ["/data/0/type"]],
  ["without attributes", { data: [{ type: "audit" }] }, ["/data/0/attributes"]],
  [
    "with empty attributes",
    bodyWith({}),
    ["transactionId", "auditCode", "merchantName", "auditDescription"].map((name) => `/data/0/attributes/${name}`),
  ],
  ["with a code as text", bodyWith({ ...auditFields(), auditCode: "3005" }), ["/data/0/attributes/auditCode"]],
  [
    "with an empty transaction",
    bodyWith({ ...auditFields(), transactionId: "" }),
    ["/data/0/attributes/transactionId"],
  ],
  [
    "with a long merchant",
    bodyWith({ ...auditFields(), merchantName: "m".repeat(257) }),
    ["/data/0/attributes/merchantName"],
  ],
  [
    "with a control character in its transaction",
    bodyWith({ ...auditFields(), transactionId: "a\u0000b" }),
    ["/data/0/attributes/transactionId"],
  ],
])("a body %s is refused with a JSON pointer for each error", async (_, body, pointers) => {
  const calls = kard.requests().create ?? 0;
  const { status, json } = await issuer.call("POST", path, { body });
  expect({ status, json }).toEqual({
    status: 400,
    json: {
      errors: pointers.map((pointer) => ({
        status: "400",
        title: "Invalid Request",
        detail: expect.any(String),
        source: { pointer },
      })),
    },
  });
  expect(kard.requests().create ?? 0).toBe(calls);
});

test.each([
  ["cut off", '{"data":[{"type":"audit"'],
  ["empty", ""],
  ["nested too deeply", `${"[".repeat(50_000 / 2)}${"]".repeat(50_000 / 2)}`],
])("JSON that is %s is a 400", async (_, body) => {
  expect(await issuer.call("POST", path, { body, headers: { "content-type": "application/json" } })).toMatchObject({
    status: 400,
    json: { errors: [{ status: "400" }] },
  });
});

test("bytes that are not UTF-8 are a 400", async () => {
  const body = Buffer.concat([Buffer.from('{"data":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
  const headers = { authorization: `Bearer ${issuer.apiKey}`, "content-type": "application/json" };
  const response = await request(outputs.ApiUrl + path, { method: "POST", headers, body });
  expect(response.statusCode).toBe(400);
  expect(response.headers["x-request-id"]).toBeDefined();
  await response.body.dump();
});

test("more than 64 KB are a 413", async () => {
  const body = bodyWith({ ...auditFields(), auditDescription: "d".repeat(65 * 1024) });
  expect(await issuer.call("POST", path, { body })).toMatchObject({
    status: 413,
    json: { errors: [{ status: "413" }] },
  });
});

test.each([
  ["GET", "/nothing"],
  ["GET", "/"],
  ["GET", "/v2/issuers/organization-123"],
] as const)("%s %s does not exist, and says so in Kard's shape", async (method, unknown) => {
  for (const apiKey of [undefined, issuer.apiKey]) {
    const { status, json } = await call(outputs.ApiUrl, apiKey, method, unknown);
    expect({ status, json }).toEqual({
      status: 404,
      json: {
        errors: [{ status: "404", title: "Does Not Exist Error", detail: "there is no such path" }],
      },
    });
  }
});

test.each([
  ["DELETE", "/v2/issuers/organization-123/audits", "GET, HEAD"],
  ["GET", "/v2/issuers/organization-123/users/user-1/audits", "POST"],
  ["POST", "/v2/issuers/organization-123/subscriptions/a%20b", "GET, PATCH, DELETE, HEAD"],
  ["GET", "/kard/organization-123/notifications", "POST"],
  ["POST", "/health", "GET, HEAD"],
] as const)("%s %s is a 405 that allows %s", async (method, path, allow) => {
  for (const apiKey of [undefined, issuer.apiKey]) {
    const { status, headers, json } = await call(outputs.ApiUrl, apiKey, method, path);
    expect({ status, allow: headers.allow, json }).toEqual({
      status: 405,
      allow,
      json: { errors: [{ status: "405", title: "Method Not Allowed", detail: `this path allows ${allow}` }] },
    });
  }
});

test("an unsupported method of a legacy path is refused in Kard's legacy shape", async () => {
  const { status, headers, json } = await call(outputs.ApiUrl, undefined, "DELETE", "/transactions/audit");
  expect({ status, allow: headers.allow, json }).toEqual({ status: 405, allow: "POST", json: "this path allows POST" });
});

test("HEAD has the headers of GET and no body", async () => {
  const response = await fetch(`${outputs.ApiUrl}/health`, { method: "HEAD" });
  expect({
    status: response.status,
    length: response.headers.get("content-length"),
    text: await response.text(),
  }).toEqual({
    status: 200,
    length: String('{"status":"ok"}'.length),
    text: "",
  });
});

test("every 401 has WWW-Authenticate", async () => {
  const anonymous = await call(outputs.ApiUrl, undefined, "GET", `/v2/issuers/${issuer.organizationId}/audits`);
  expect(anonymous).toMatchObject({ status: 401, headers: { "www-authenticate": "Bearer" } });
  const push = await call(outputs.ApiUrl, undefined, "POST", `/kard/${issuer.organizationId}/notifications`);
  expect(push).toMatchObject({ status: 401, headers: { "www-authenticate": "Notify-Signature" } });
});
