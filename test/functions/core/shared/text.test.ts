import { describe, expect, test } from "@jest/globals";
import { identifier, prose } from "../../../../functions/core/shared/text.ts";

describe("an identifier", () => {
  test.each(["a", "transaction-1", "日本", "a b", "a\u00a0b", "👩\u200d🚀", "a#b%c/d", "🧾", "x".repeat(256)])(
    "can be %p",
    (text) => {
      expect(identifier.safeParse(text).success).toBe(true);
    },
  );

  test.each([
    "",
    "x".repeat(257),
    "a\nb",
    "a\0",
    "a\u007f",
    "a\u0085",
    "a\u202eb",
    "a\u2066b",
    "a\u200fb",
    "\ud800",
    "a\u2028b",
    "a\ufffe",
    "a\uffff",
    7,
    null,
    ...[..." \u00a0\u00ad\u1680\u180e\u2000\u200a\u200b\u200c\u200d\u202f\u205f\u2060\u3000\ufeff"].flatMap((blank) => [
      blank,
      `${blank}a`,
      `a${blank}`,
    ]),
  ])("cannot be %p", (text) => {
    expect(identifier.safeParse(text).success).toBe(false);
  });
});

describe("prose", () => {
  test.each(["a", "two\nlines\tand a tab", "עברית", "🍕\ufffe\uffff", "x".repeat(10)])("can be %p", (text) => {
    expect(prose(20).safeParse(text).success).toBe(true);
  });

  test.each([
    ["", "must not be empty"],
    ["x".repeat(21), "must have at most 20 characters"],
    ["a\0b", "must be well-formed text"],
    ["\udfff", "must be well-formed text"],
    [7, "must be a string"],
    [undefined, "must be a string"],
  ])("cannot be %p, which %s", (text, why) => {
    expect(prose(20).safeParse(text).error?.issues[0]?.message).toBe(why);
  });
});
