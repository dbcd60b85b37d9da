import { brotliCompressSync, gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { request } from "undici";
import { auditFields } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";

const { newIssuer, outputs } = await startProduct({ tickSeconds: never, push: false });
const issuer = await newIssuer();
const path = `/v2/issuers/${issuer.organizationId}/users/user-1/audits`;

const bodyWith = (attributes: unknown, type = "audit") => ({ data: [{ type, attributes }] });

test.each(["text/plain", "application/x-www-form-urlencoded", ""])(
  "a body with the content type '%s' is a 415",
  async (type) => {
    const response = await issuer.call("POST", path, {
      body: bodyWith(auditFields()),
      headers: { "content-type": type },
    });
    expect(response).toMatchObject({ status: 415, json: { errors: [{ source: { header: "Content-Type" } }] } });
  },
);

test("accepts JSON:API's media type and a charset", async () => {
  for (const type of ["application/vnd.api+json", "application/json; charset=utf-8"]) {
    const response = await issuer.call("POST", path, {
      body: bodyWith(auditFields()),
      headers: { "content-type": type },
    });
    expect(response.status).toBe(201);
  }
});

test.each([
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
])("a body encoded by %s is a 415 that names the accepted encodings", async (encoding, encode) => {
  const headers = {
    authorization: `Bearer ${issuer.apiKey}`,
    "content-type": "application/json",
    "content-encoding": encoding,
  };
  const body = encode(JSON.stringify(bodyWith(auditFields())));
  const response = await request(outputs.ApiUrl + path, { method: "POST", headers, body });
  expect({ status: response.statusCode, accepts: response.headers["accept-encoding"] }).toEqual({
    status: 415,
    accepts: "identity",
  });
  expect(await response.body.json()).toMatchObject({ errors: [{ source: { header: "Content-Encoding" } }] });
});

test("a body in another charset is a 415", async () => {
  const headers = {
    authorization: `Bearer ${issuer.apiKey}`,
    "content-type": "application/json; charset=windows-1252",
  };
  const body = Buffer.from(JSON.stringify(bodyWith(auditFields({ merchantName: "Café" }))), "latin1");
  const response = await request(outputs.ApiUrl + path, { method: "POST", headers, body });
  expect(response.statusCode).toBe(415);
  await response.body.dump();
});
