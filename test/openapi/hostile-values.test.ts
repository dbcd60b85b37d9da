import { describe, expect, test } from "@jest/globals";
import { inProcessApi } from "../support/openapi/in-process-api.ts";
import { openApiDocument } from "../support/openapi/openapi-document.ts";
import { assemble } from "../support/openapi/requests.ts";
import { seededWorld, setting } from "../support/openapi/seeded-world.ts";
import { wrongIds } from "../support/openapi/wrong-values.ts";
import { ask, errorsOf, exampleOf, operation, silenceErrors } from "./hostile-requests.ts";

// The handlers' behaviour for deceptive texts and numbers, and for failures, behind the template's routes.

const { operations } = openApiDocument();
silenceErrors();

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
