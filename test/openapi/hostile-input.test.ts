import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import { logger } from "../../functions/platform/logger.ts";
import { inProcessApi } from "../support/openapi/in-process-api.ts";
import { type DocumentedOperation, openApiDocument } from "../support/openapi/openapi-document.ts";
import { assemble, type RequestParts } from "../support/openapi/requests.ts";
import { seededWorld, setting } from "../support/openapi/seeded-world.ts";
import { wrongIds } from "../support/openapi/wrong-values.ts";

// The handlers' behaviour for malicious input, per operation, behind the template's routes.

const { operations } = openApiDocument();
const withBody = operations.filter(({ body }) => body !== undefined);
const failures = jest.spyOn(logger, "error");
beforeAll(() => {
  failures.mockReturnValue();
});

type Changes = Partial<RequestParts> & { contentType?: string };

/** Sends the document's example with some changes, in a new world. */
async function ask(operation: DocumentedOperation, { contentType = "application/json", ...changes }: Changes = {}) {
  const world = seededWorld();
  const path = { organizationId: "organization-123", userId: "user-1", auditId: "open", subscriptionId: "plain" };
  const parts = { path, query: {}, headers: { "content-type": contentType }, body: exampleOf(operation), exists: true };
  const api = inProcessApi(world, setting.webhookKey, {});
  const response = await api(assemble(operation, { ...parts, ...changes }, setting));
  const json = response.text === "" ? undefined : (JSON.parse(response.text) as unknown);
  return { ...response, json, world };
}

function exampleOf({ body }: DocumentedOperation): string | undefined {
  return body && JSON.stringify(body.content[0]?.example);
}

function operation(route: string): DocumentedOperation {
  const found = operations.find((each) => each.route === route);
  if (found === undefined) throw new Error(`there is no ${route}`);
  return found;
}

/** The example with something prepended. */
const withFirst = (of: DocumentedOperation, member: string) => (exampleOf(of) ?? "").replace("{", `{${member},`);

/** The expected error, in the route's format. */
function errorsOf({ route }: DocumentedOperation, status: number, source?: object): unknown {
  if (!route.includes("/transactions/")) {
    const error = { status: String(status), title: expect.any(String), detail: expect.any(String) };
    return { errors: [source === undefined ? error : { ...error, source }] };
  }
  return status === 400 ? { errors: [expect.any(String)] } : expect.any(String);
}

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

describe("deceptive text", () => {
  const inPath = operations.flatMap((its) =>
    its.parameters
      .filter((parameter) => parameter.in === "path")
      .map(({ name }) => [its.route, name, its] as const)
      .filter(([, name]) => name !== "organizationId" || its.security.some((scheme) => "apiKey" in scheme)),
  );

  test.each(inPath)("is not an id in the path of %s: %s", async (_, name, its) => {
    const path = { organizationId: "organization-123", userId: "u", auditId: "open", subscriptionId: "plain" };
    for (const id of wrongIds) {
      const { status } = await ask(its, { path: { ...path, [name]: id } });
      expect({ id, status }).toEqual({ id, status: name === "userId" ? 400 : 404 });
    }
  });

  test.each([
    ["POST /v2/issuers/{organizationId}/users/{userId}/audits", "transactionId", "/data/0/attributes/transactionId"],
    ["POST /v2/issuers/{organizationId}/users/{userId}/audits/adopt", "kardAuditId", "/data/0/attributes/kardAuditId"],
  ])("is not an id in the body of %s: %s", async (route, name, pointer) => {
    const its = operation(route);
    for (const id of [...wrongIds, "a\ud800", ""]) {
      const body = (exampleOf(its) ?? "").replace(
        new RegExp(`"${name}":"[^"]*"`),
        () => `"${name}":${JSON.stringify(id)}`,
      );
      const { status, json } = await ask(its, { body });
      expect({ id, status, json }).toMatchObject({ id, status: 400, json: { errors: [{ source: { pointer } }] } });
    }
  });
});

test("deceptive text is not an id in Kard's push, which is read as far as possible", async () => {
  const its = operation("POST /kard/{organizationId}/notifications");
  for (const id of wrongIds) {
    const withId = (name: string) =>
      JSON.stringify(JSON.parse(exampleOf(its) ?? ""), (key, value) => (key === name ? id : value));
    expect(await ask(its, { body: withId("transactionId") })).toMatchObject({
      status: 200,
      json: { result: "unknown-audit" },
    });
    expect(await ask(its, { body: withId("id") })).toMatchObject({
      status: 400,
      json: { errors: [{ source: { pointer: "/data/relationships/audit/data/id" } }] },
    });
  }
});

describe("a number", () => {
  const legacy = operation("POST /transactions/audit");
  const rotate = operation("POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/rotate-secret");

  test.each(["1.5", '"5"', "1e400", "-1e400", "9007199254740993", "true", "[1]"])(
    "%s is not a whole number",
    async (text) => {
      const body = (exampleOf(legacy) ?? "").replace(
        /"transactionAmountInCents":\d+/,
        `"transactionAmountInCents":${text}`,
      );
      const amount = await ask(legacy, { body });
      expect(amount).toMatchObject({
        status: 400,
        json: { errors: expect.arrayContaining([expect.stringContaining("transactionAmountInCents: ")]) },
      });
      expect(await ask(rotate, { body: `{"overlapSeconds":${text}}` })).toMatchObject({
        status: 400,
        json: { errors: expect.arrayContaining([expect.objectContaining({ source: { pointer: "/overlapSeconds" } })]) },
      });
    },
  );

  const lists = ["audits", "notifications"].map((of) => operation(`GET /v2/issuers/{organizationId}/${of}`));
  test.each(["", "0", "201", "-1", "+5", " 5", "5 ", "5.0", "1e1", "0x10", "0b1", "٥", "5,5", "Infinity"])(
    "%j is not a page size",
    async (text) => {
      for (const its of lists) {
        expect(await ask(its, { query: { "page[size]": text } })).toMatchObject({
          status: 400,
          json: { errors: [{ status: "400", source: { parameter: "page[size]" } }] },
        });
      }
    },
  );
});

test("an internal failure is a 500 with its request id and no details", async () => {
  for (const route of ["GET /v2/issuers/{organizationId}/audits/{auditId}", "GET /transactions/audit/{auditId}"]) {
    const world = seededWorld();
    world.audits.getAll = () => Promise.reject(new TypeError("arn:aws:dynamodb:::table/secret of the house"));
    const path = { organizationId: "organization-123", auditId: "open" };
    const request = { path, query: {}, headers: {}, body: undefined, exists: true };
    const response = await inProcessApi(world, setting.webhookKey, {})(assemble(operation(route), request, setting));
    expect(response.status).toBe(500);
    expect(JSON.parse(response.text)).toEqual(errorsOf(operation(route), 500));
    expect(response.text).not.toMatch(/secret|arn:|TypeError/);
    expect(response.headers["x-request-id"]).toMatch(/^\S{8,}$/);
  }
});
