import { expect, test } from "@jest/globals";
import { createRouter } from "../../../../../infra/local/runner/triggers/http-routes.ts";

const routes = [
  "$default",
  "ANY /pets/{proxy+}",
  "GET /pets/{id}",
  "GET /pets/dog",
  "ANY /pets/cat",
  "POST /v2/issuers/{organizationId}/users/{userId}/audits",
  "GET /",
].map((routeKey) => ({ routeKey }));
const find = createRouter(routes);

test.each([
  ["GET", "/pets/dog", "GET /pets/dog", undefined],
  ["GET", "/pets/7", "GET /pets/{id}", { id: "7" }],
  ["GET", "/pets/cat", "ANY /pets/cat", undefined],
  ["POST", "/pets/dog", "ANY /pets/{proxy+}", { proxy: "dog" }],
  ["GET", "/pets/dog/1/x", "ANY /pets/{proxy+}", { proxy: "dog/1/x" }],
  ["GET", "/pets/b c", "GET /pets/{id}", { id: "b c" }],
  ["GET", "/pets/a/b c", "ANY /pets/{proxy+}", { proxy: "a/b c" }],
  ["GET", "/pets/", "$default", undefined],
  ["GET", "/pets", "$default", undefined],
  ["GET", "/", "GET /", undefined],
  ["POST", "/v2/issuers/o/users/u/audits", routes[5]?.routeKey, { organizationId: "o", userId: "u" }],
  ["POST", "/v2/issuers/o/users/u/audits/", "$default", undefined],
])("%s %s matches %s", (method, path, routeKey, pathParameters) => {
  expect(find(method, path)).toEqual({ route: { routeKey }, pathParameters });
});

test("finds no route without a default", () => {
  expect(createRouter([{ routeKey: "GET /a" }])("POST", "/a")).toBeUndefined();
});
