import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { pageAfter, pageLinks, pageToken } from "../../../../functions/core/shared/page-token.ts";
import { identifier } from "../../../../functions/core/shared/text.ts";

const encoded = (text: string) => Buffer.from(text).toString("base64url");

test("a token encodes its position", () => {
  const ids = fc.string({ unit: "grapheme", minLength: 1 }).filter((id) => identifier.safeParse(id).success);
  fc.assert(
    fc.property(fc.maxSafeInteger(), ids, (at, id) => {
      expect(pageAfter().parse(pageToken({ at, id }))).toEqual({ at, id });
    }),
  );
});

test.each([
  "",
  "nonsense",
  "x".repeat(1_001),
  encoded("[1]"),
  encoded('[1,"a","b"]'),
  encoded('["1","a"]'),
  encoded('[1.5,"a"]'),
  encoded('[1e300,"a"]'),
  encoded('[1,""]'),
  encoded('[1,"a\\u0000"]'),
  encoded(`[1,"${"x".repeat(257)}"]`),
  encoded('{"at":1,"id":"a"}'),
])("%j is not a token", (token) => {
  expect(pageAfter().safeParse(token).error?.issues[0]?.message).toBe("is not a page token of this list");
});

test("a list refuses a token with an impossible id", () => {
  const token = pageToken({ at: 1, id: "audit-1" });
  expect(pageAfter((id) => id.startsWith("ntf_")).safeParse(token).success).toBe(false);
});

test("the next page's link has all parameters of the request", () => {
  const request = { urlPath: "/list", query: { "filter[status]": "NEW", "page[after]": "before" } };
  expect(pageLinks(request, undefined)).toEqual({});
  const { searchParams, pathname } = new URL(pageLinks(request, { at: 7, id: "a" }).next ?? "", "http://tracker");
  expect({ pathname, ...Object.fromEntries(searchParams) }).toEqual({
    pathname: "/list",
    "filter[status]": "NEW",
    "page[after]": pageToken({ at: 7, id: "a" }),
  });
});
