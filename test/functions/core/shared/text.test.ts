import { describe, expect, test } from "@jest/globals";
import {
  escapeControls,
  freeText,
  identifier,
  singleLine,
  withoutControls,
} from "../../../../functions/core/shared/text.ts";

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
    expect(freeText(20).safeParse(text).success).toBe(true);
  });

  test.each([
    ["", "must not be empty"],
    ["x".repeat(21), "must have at most 20 characters"],
    [7, "must be a string"],
    [undefined, "must be a string"],
  ])("cannot be %p, which %s", (text, why) => {
    expect(freeText(20).safeParse(text).error?.issues[0]?.message).toBe(why);
  });

  test.each(["a\0b", "\udfff", "a\x1b[2J", "\x07", "a\u0085", "a\u202eb", "a\u2066b", "\u200f", "a\u2028b"])(
    "cannot be %j, with a control character",
    (text) => {
      expect(freeText(20).safeParse(text).error?.issues[0]?.message).toBe(
        "must not contain control or bidirectional characters",
      );
    },
  );
});

describe("a single line", () => {
  test.each(["a", "Café Zoé", "עברית", "🍕\ufffe\uffff", " padded "])("can be %p", (text) => {
    expect(singleLine(20).safeParse(text).success).toBe(true);
  });

  test.each(["a\nb", "a\tb", "a\r", "\x1b]0;title\x07", "a\u202eb"])("cannot be %p", (text) => {
    expect(singleLine(20).safeParse(text).error?.issues[0]?.message).toBe(
      "must not contain control or bidirectional characters, or line breaks",
    );
  });
});

test("an external text loses terminal control characters and keeps its lines", () => {
  expect(withoutControls("a\x1b[2Jb\x07\n\tc\u202ed\ud800\u009b")).toBe("a[2Jb\n\tcd\ufffd");
});

test("a text for a terminal escapes control characters, and its JSON is the same value", () => {
  expect(escapeControls("a\x1b[2J\x07\r\n\t\u202e\u009b\ud800 é 🍕")).toBe(
    "a\\u001b[2J\\u0007\\u000d\n\t\\u202e\\u009b\\ud800 é 🍕",
  );
  const value = { merchantName: "a\x1b\u202e\u009b\ud800\r\n🍕" };
  expect(JSON.parse(escapeControls(JSON.stringify(value, undefined, 2)))).toEqual(value);
});
