import { expect, test } from "@jest/globals";
import type * as z from "zod";
import { callOf, queryOf } from "../../../cli/api/routes.ts";
import type { listAuditsQuery } from "../../../functions/audits-api/list-input.ts";

const api = { organizationId: "bank one" };

test("a call has its route's method and path, with encoded parameters", () => {
  const route = "POST /v2/issuers/{organizationId}/users/{userId}/audits";
  expect(callOf(api, route, { userId: "a b#é" })).toEqual({
    method: "POST",
    path: "/v2/issuers/bank%20one/users/a%20b%23%C3%A9/audits",
  });
  expect(callOf(api, "GET /v2/issuers/{organizationId}/audits", {}, "?a=b")).toEqual({
    method: "GET",
    path: "/v2/issuers/bank%20one/audits?a=b",
  });
});

test.each(["cust/1", "cust?1", "cust%41", "..", "."])(
  "a parameter that is unsafe in a path is refused: %s",
  (userId) => {
    const route = "POST /v2/issuers/{organizationId}/users/{userId}/audits";
    expect(() => callOf(api, route, { userId })).toThrow(/^userId must not/);
  },
);

test("a query has the given parameters", () => {
  const query = { "filter[userId]": "ä&b", "filter[status]": undefined, "page[size]": 2 };
  expect(queryOf<z.input<typeof listAuditsQuery>>(query)).toBe("?filter%5BuserId%5D=%C3%A4%26b&page%5Bsize%5D=2");
  expect(queryOf({})).toBe("");
});

// Must not compile; it is never run.
void (() => {
  // @ts-expect-error the API has no such route
  callOf(api, "GET /v2/issuers/{organizationId}/audit", {});
  // @ts-expect-error the route names an audit
  callOf(api, "GET /v2/issuers/{organizationId}/audits/{auditId}", {});
  // @ts-expect-error the list has no such filter
  queryOf<z.input<typeof listAuditsQuery>>({ "filter[user]": "a" });
});
