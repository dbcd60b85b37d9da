import { describe, expect, test } from "@jest/globals";
import { callersOrganization, callersOrganizations } from "../../../functions/audits-api/callers-organization.ts";
import { aHttpRequest } from "./http-request.ts";

function requestOf(organizations: string[], named?: string) {
  const headers = named === undefined ? {} : { "x-kard-target-issuer": named };
  return aHttpRequest({ caller: { organizations, scopes: [] }, headers });
}

function organizationOf(organizations: string[], named?: string): string {
  return callersOrganization(requestOf(organizations, named));
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
  "with %p another issuer gets the same response as one that does not exist",
  (organizations) => {
    expect(() => organizationOf(organizations, "c")).toThrow(expect.objectContaining({ statusCode: 404 }));
  },
);

describe("an audit is sought", () => {
  const sought = (organizations: string[], named?: string) => callersOrganizations(requestOf(organizations, named));

  test("in all of the key's organizations without the header", () => {
    expect(sought(["a", "b"])).toEqual(["a", "b"]);
  });

  test("only in the one that the header names", () => {
    expect(sought(["a", "b"], "b")).toEqual(["b"]);
    expect(() => sought(["a", "b"], "c")).toThrow(expect.objectContaining({ statusCode: 404 }));
  });
});
