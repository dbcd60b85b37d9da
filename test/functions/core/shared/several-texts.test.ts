import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { asListValue } from "../../../../functions/core/shared/list-values.ts";
import { severalIdentifiers, severalLines } from "../../../../functions/core/shared/several-texts.ts";
import { identifier, singleLine } from "../../../../functions/core/shared/text.ts";
import { trickyText } from "../../../contract/shared/tricky-text.ts";

const ids = severalIdentifiers();
const names = severalLines(256);

test.each([
  ["a", ["a"]],
  ["a,b,a", ["a", "b"]],
  [String.raw`a\,b,c`, ["a,b", "c"]],
  [String.raw`a\\,b`, ["a\\", "b"]],
  [String.raw`DOMAIN\\user`, ["DOMAIN\\user"]],
  ["x".repeat(256), ["x".repeat(256)]],
])("%p are the ids %j", (text, values) => {
  expect(ids.parse(text)).toEqual(values);
});

test.each([
  ...["", ",", "a,", ",a", "a,,b", " a", "a ", "a, b", "a\u202eb", "a\nb", "x".repeat(257), `a,${"x".repeat(257)}`],
  ...[String.raw`a\b`, "a\\", String.raw`a\ `, Array(21).fill("a").join()],
])("%j are not ids", (text) => {
  expect(ids.safeParse(text).error?.issues[0]?.message).toContain("write a comma in a value as \\,");
});

test("a name may begin with a space, but not after a comma", () => {
  expect(names.parse(" Corner,Coffee")).toEqual([" Corner", "Coffee"]);
  expect(names.parse(String.raw`Coffee\, Inc.,Deli`)).toEqual(["Coffee, Inc.", "Deli"]);
  expect(names.safeParse("Coffee, Inc.").success).toBe(false);
});

test("every id and name that an audit can have can be asked for", () => {
  const values = fc.uniqueArray(trickyText, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(values, (texts) => {
      const asked = (several: typeof ids, wanted: string[]) =>
        wanted.length === 0 || expect(several.parse(wanted.map(asListValue).join())).toEqual(wanted);
      asked(
        ids,
        texts.filter((text) => identifier.safeParse(text).success),
      );
      asked(
        names,
        texts.filter((text) => singleLine(256).safeParse(text).success && !text.startsWith(" ")),
      );
    }),
  );
});
