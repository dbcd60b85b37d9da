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

const credentials = {
  authorization: "Basic dXNlcjpw/3Nz+dzByZA==",
  "x-key": "k3y-123",
  "x-tenant": "7",
  "x-mark": `<a b="c&d'e">`,
};
const perCharacter = (escaped: (code: number) => string) => (text: string) =>
  Array.from(text, (character) => (/[A-Za-z0-9]/.test(character) ? character : escaped(character.charCodeAt(0)))).join(
    "",
  );
const hex = (code: number) => code.toString(16).padStart(2, "0");

test.each<[string, (text: string) => string]>([
  ["as it is", (text) => text],
  ["in JSON", (text) => JSON.stringify(text)],
  ["in JSON in JSON", (text) => JSON.stringify(JSON.stringify({ text }))],
  ["in PHP's JSON", (text) => JSON.stringify(text).replaceAll("/", "\\/")],
  ["in JSON, by code units", perCharacter((code) => `\\u00${hex(code)}`)],
  ["in JSON, by code units in capitals", perCharacter((code) => `\\u00${hex(code).toUpperCase()}`)],
  ["in a URL", encodeURIComponent],
  ["in a URL in small letters", perCharacter((code) => `%${hex(code)}`)],
  ["in a URL in a URL", (text) => encodeURIComponent(encodeURIComponent(text))],
  ["in a form", (text) => new URLSearchParams({ text }).toString()],
  ["in HTML, by numbers", perCharacter((code) => `&#${code};`)],
  ["in HTML, by numbers in hexadecimal", perCharacter((code) => `&#x${hex(code)};`)],
  [
    "in HTML, by names",
    (text) =>
      text
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll('"', "&quot;")
        .replaceAll("'", "&#039;"),
  ],
])("no value of four characters or more is shown %s", (_, echoed) => {
  for (const value of [credentials.authorization, credentials["x-key"], credentials["x-mark"]]) {
    const shown = hideHeaderValues(`you sent ${echoed(value)}!`, credentials);
    expect(shown).toMatch(/^you sent [^!]*\*{8}[^!]*!$/);
    expect(shown.replaceAll(/text=|text|[\\"{}:]/g, "")).toBe("you sent ********!");
  }
});

test("a long text of backslashes is looked through in no time that grows with its square", () => {
  expect(hideHeaderValues("\\".repeat(64 * 1024), credentials)).toHaveLength(64 * 1024);
});
