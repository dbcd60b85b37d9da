import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Validator } from "@seriousme/openapi-schema-validator";
import { auditsApiRoutes as audits } from "../../../functions/audits-api/routes.ts";
import { kardWebhookRoutes as push } from "../../../functions/kard-webhook/routes.ts";
import { subscriptionsApiRoutes as subscriptions } from "../../../functions/subscriptions-api/routes.ts";
import { contractFolder } from "../../../infra/commands/contract/contract-files.ts";
import { openApiDocument } from "../../support/openapi/openapi-document.ts";
import { resourcesOf, synthesize } from "../support/synthesize.ts";

const { operations, schemaAt } = openApiDocument();
const scopes: Record<string, string | undefined> = { ...audits, ...subscriptions, ...push };

test("it is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  const document = JSON.parse(readFileSync(join(contractFolder, "openapi.json"), "utf8")) as Record<string, unknown>;
  expect(await validator.validate(document)).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
});

test("every route of the template has an operation, and every operation a route", () => {
  const deployed = resourcesOf(synthesize(), "AWS::ApiGatewayV2::Route").map(([, { RouteKey }]) => String(RouteKey));
  const documented = operations.map(({ route }) => route);
  const ofMethods = deployed.filter((route) => route !== "$default" && !route.startsWith("ANY "));
  expect(documented.toSorted()).toEqual(ofMethods.toSorted());
});

test("every path of the template has an ANY route for other methods", () => {
  const deployed = resourcesOf(synthesize(), "AWS::ApiGatewayV2::Route").map(([, { RouteKey }]) => String(RouteKey));
  const pathsOf = (keys: string[]) => new Set(keys.flatMap((route) => route.split(" ")[1] ?? []));
  expect(pathsOf(deployed.filter((route) => route.startsWith("ANY ")))).toEqual(pathsOf(deployed));
});

test("operation ids are unique", () => {
  const names = operations.map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(names.length);
});

describe.each(operations.map((operation) => [operation.route, operation] as const))("%s", (route, operation) => {
  test("names the scope that its function requires", () => {
    const scope = scopes[route];
    const open = route in push ? [{ kardSignature: [] }] : [];
    expect(operation.security).toEqual(scope === undefined ? open : [{ apiKey: scope === "any" ? [] : [scope] }]);
  });

  test("describes each response, with the request id", () => {
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(["429", "500", "503"]));
    for (const [status, response] of Object.entries(operation.responses)) {
      expect(response.description).not.toBe("");
      expect(Object.keys(response.headers)).toContain("X-Request-Id");
      if (status === "429" || status === "503") expect(Object.keys(response.headers)).toContain("Retry-After");
    }
  });

  test("describes the parameters of its path", () => {
    const inPath = operation.parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
    expect(inPath).toEqual([...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  });

  test("has valid examples", () => {
    const media = [operation.body, ...Object.values(operation.responses)].flatMap((part) => part?.content ?? []);
    for (const { example, pointer } of media) {
      if (example === undefined) continue;
      const fits = schemaAt(pointer);
      expect({ fits: fits(example), pointer, errors: fits.errors }).toEqual({ fits: true, pointer, errors: null });
    }
  });
});
