import { describe, expect, test } from "@jest/globals";
import { type DocumentedOperation, openApiDocument } from "../support/openapi/openapi-document.ts";
import { ask, type Changes, errorsOf, exampleOf, operation, silenceErrors } from "./hostile-requests.ts";

// The handlers' behaviour for malicious bodies, per operation, behind the template's routes.

const withBody = openApiDocument().operations.filter(({ body }) => body !== undefined);
silenceErrors();

/** The example with something prepended. */
const withFirst = (of: DocumentedOperation, member: string) => (exampleOf(of) ?? "").replace("{", `{${member},`);

const whole = { pointer: "" };
const arrays = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

describe.each(withBody.map((each) => [each.route, each] as const))("%s", (_, its) => {
  test("accepts its example, filled up to 64 KB", async () => {
    const body = (exampleOf(its) ?? "").padEnd(64 * 1024);
    const { status } = await ask(its, { body });
    // 401: the example's key is not valid. 404: Kard does not know it. 409: the audit is not unconfirmed.
    expect(status < 300 || [401, 404, 409].includes(status)).toBe(true);
  });

  test.each<[string, number, object | undefined, (its: DocumentedOperation) => Changes]>([
    ["one byte more", 413, undefined, () => ({ body: (exampleOf(its) ?? "").padEnd(64 * 1024 + 1) })],
    ["text", 415, { header: "Content-Type" }, () => ({ contentType: "text/plain" })],
    ["a form", 415, { header: "Content-Type" }, () => ({ contentType: "multipart/form-data; boundary=x" })],
    ["no type", 415, { header: "Content-Type" }, () => ({ headers: {} })],
    ["half of it", 400, whole, () => ({ body: exampleOf(its)?.slice(0, -1) })],
    ["bytes that are no UTF-8", 400, whole, () => ({ body: Buffer.from('{"x":"\xff"}', "latin1") })],
    ["half a surrogate pair in UTF-8", 400, whole, () => ({ body: Buffer.from('{"x":"\xed\xa0\x80"}', "latin1") })],
    ["UTF-16", 400, whole, () => ({ body: Buffer.from(exampleOf(its) ?? "", "utf16le") })],
    ["seventeen levels", 400, whole, () => ({ body: withFirst(its, `"x":${arrays(17)}`) })],
    ["thirty thousand levels", 400, whole, () => ({ body: withFirst(its, `"x":${arrays(30_000)}`) })],
    ["ten thousand parts", 400, whole, () => ({ body: withFirst(its, `"x":[${Array(10_000).fill(0)}]`) })],
    ["a list", 400, whole, () => ({ body: "[]" })],
    ["null", 400, whole, () => ({ body: "null" })],
  ])("refuses %s: %d", async (_name, status, source, changes) => {
    const response = await ask(its, changes(its));
    expect({ status: response.status, json: response.json }).toEqual({ status, json: errorsOf(its, status, source) });
    expect(response.headers["x-request-id"]).toMatch(/^\S{8,}$/);
  });

  test("stores and shows no unknown field, at any depth", async () => {
    const marked = (exampleOf(its) ?? "").replaceAll("{", '{"constructor":"marked","__proto__":{"polluted":"marked"},');
    const { status, text, world } = await ask(its, { body: marked.replaceAll(",}", "}") });
    expect(status).not.toBe(400);
    expect(text).not.toContain("marked");
    expect(JSON.stringify([...world.state.audits, ...world.state.subscriptions, ...world.kard.creates])).not.toContain(
      "marked",
    );
    expect({}).not.toHaveProperty("polluted");
  });
});

describe("a prototype", () => {
  const create = operation("POST /v2/issuers/{organizationId}/users/{userId}/audits");

  test("adds no missing field to a body", async () => {
    const { status, json } = await ask(create, { body: `{"__proto__":${exampleOf(create)}}` });
    expect({ status, json }).toEqual({ status: 400, json: errorsOf(create, 400, { pointer: "/data" }) });
  });

  test("is not accepted as a webhook header", async () => {
    const its = operation("POST /v2/issuers/{organizationId}/subscriptions");
    const { status, world } = await ask(its, {
      body: (exampleOf(its) ?? "").replace('"webhookUrl"', '"headers":{"__proto__":"x","x-own":"y"},"webhookUrl"'),
    });
    expect(status).toBe(201);
    expect([...world.state.subscriptions.values()].at(-1)?.headers).toEqual({ "x-own": "y" });
  });

  test.each(["__proto__", "constructor", "hasOwnProperty"])(
    "named %s is not an id, issuer or parameter",
    async (name) => {
      const its = operation("GET /v2/issuers/{organizationId}/audits/{auditId}");
      const ids = { organizationId: "organization-123", auditId: name };
      expect((await ask(its, { path: ids })).status).toBe(404);
      expect((await ask(its, { path: { organizationId: name, auditId: "open" } })).status).toBe(404);
      const list = operation("GET /v2/issuers/{organizationId}/audits");
      const query = Object.fromEntries([[name, "x"]]);
      expect(await ask(list, { query })).toMatchObject({
        status: 400,
        json: { errors: [{ source: { parameter: name } }] },
      });
    },
  );
});

describe("a duplicate key", () => {
  const create = operation("POST /v2/issuers/{organizationId}/users/{userId}/audits");
  const example = exampleOf(create) ?? "";

  test("counts with its last value, which alone is checked and stored", async () => {
    const { status, world } = await ask(create, { body: example.replace("{", '{"data":"first",') });
    expect(status).toBe(201);
    expect(JSON.stringify(world.kard.creates)).not.toContain("first");
    const other = await ask(create, { body: example.replace(/\}$/, ',"data":[]}') });
    expect(other).toMatchObject({ status: 400, json: errorsOf(create, 400, { pointer: "/data" }) });
  });
});
