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
    const answer = await issuer.call("POST", path, {
      body: bodyWith(auditFields()),
      headers: { "content-type": type },
    });
    expect(answer).toMatchObject({ status: 415, json: { errors: [{ source: { header: "Content-Type" } }] } });
  },
);

test("accepts JSON:API's media type and a charset", async () => {
  for (const type of ["application/vnd.api+json", "application/json; charset=utf-8"]) {
    const answer = await issuer.call("POST", path, {
      body: bodyWith(auditFields()),
      headers: { "content-type": type },
    });
    expect(answer.status).toBe(201);
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
  const answer = await request(outputs.ApiUrl + path, { method: "POST", headers, body });
  expect({ status: answer.statusCode, accepts: answer.headers["accept-encoding"] }).toEqual({
    status: 415,
    accepts: "identity",
  });
  expect(await answer.body.json()).toMatchObject({ errors: [{ source: { header: "Content-Encoding" } }] });
});

test("a body in another charset is a 415", async () => {
  const headers = {
    authorization: `Bearer ${issuer.apiKey}`,
    "content-type": "application/json; charset=windows-1252",
  };
  const body = Buffer.from(JSON.stringify(bodyWith(auditFields({ merchantName: "Café" }))), "latin1");
  const answer = await request(outputs.ApiUrl + path, { method: "POST", headers, body });
  expect(answer.statusCode).toBe(415);
  await answer.body.dump();
});
