import { expect, test } from "@jest/globals";
import { callersOrganization } from "../../../functions/audits-api/callers-organization.ts";
import { aHttpRequest } from "./http-request.ts";

function organizationOf(organizations: string[], named?: string): string {
  const headers = named === undefined ? {} : { "x-kard-target-issuer": named };
  return callersOrganization(aHttpRequest({ caller: { organizations, scopes: [] }, headers }));
}

test("a key's only organization is used", () => {
  expect(organizationOf(["org"])).toBe("org");
});

test("of several, the one in the header is used", () => {
  expect(organizationOf(["a", "b"], "b")).toBe("b");
});

test.each([[["a", "b"]], [[]]])("with %p and no header the call is refused", (organizations) => {
  expect(() => organizationOf(organizations)).toThrow(expect.objectContaining({ statusCode: 400 }));
});

test.each([[["a", "b"]], [["a"]]])(
  "with %p another issuer gets the same answer as one that does not exist",
  (organizations) => {
    expect(() => organizationOf(organizations, "c")).toThrow(expect.objectContaining({ statusCode: 404 }));
  },
);
