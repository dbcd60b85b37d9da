import { expect, test } from "@jest/globals";
import { hideHeaderValues } from "../../../functions/core/hidden-headers.ts";

const headers = { authorization: "Bearer s3cret-t0ken", cookie: 'id="quoted/value"; b=1' };

test.each([
  ['{"authorization":"Bearer s3cret-t0ken"}', '{"authorization":"********"}'],
  ["the token s3cret-t0ken is not ours, s3cret-t0ken", "the token ******** is not ours, ********"],
  [JSON.stringify({ cookie: headers.cookie }), '{"cookie":"********"}'],
  ["/login?token=Bearer%20s3cret-t0ken", "/login?token=********"],
  [JSON.stringify(['"quoted/value"']), '["********"]'],
  ["nothing of yours; b=1", "nothing of yours; b=1"],
  ["", ""],
])("%s is shown as %s", (text, shown) => {
  expect(hideHeaderValues(text, headers)).toBe(shown);
});

test("without headers all is shown", () => {
  expect(hideHeaderValues("s3cret-t0ken")).toBe("s3cret-t0ken");
});

const value = "Basic dXNlcjpw/3Nz+dzByZA==";
test.each([
  ["in PHP's JSON", JSON.stringify(value).slice(1, -1).replaceAll("/", "\\/")],
  ["in a URL in small letters", encodeURIComponent(value).replace(/%../g, (escaped) => escaped.toLowerCase())],
  ["in a form", new URLSearchParams({ value }).toString().slice("value=".length)],
])("a value is not shown %s", (_, echoed) => {
  expect(hideHeaderValues(`you sent ${echoed}!`, { authorization: ` ${value} ` })).toBe("you sent ********!");
});
