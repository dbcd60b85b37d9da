import { describe, expect, test } from "@jest/globals";
import { identifier, prose } from "../../../functions/core/text.ts";

describe("an identifier", () => {
  test.each(["a", "transaction-1", "日本", "a b", "a#b%c/d", "🧾", "x".repeat(256)])("can be %p", (text) => {
    expect(identifier.safeParse(text).success).toBe(true);
  });

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
    7,
    null,
  ])("cannot be %p", (text) => {
    expect(identifier.safeParse(text).success).toBe(false);
  });
});

describe("prose", () => {
  test.each(["a", "two\nlines\tand a tab", "עברית", "x".repeat(10)])("can be %p", (text) => {
    expect(prose(20).safeParse(text).success).toBe(true);
  });

  test.each(["", "x".repeat(21), "a\0b", "\udfff", 7, undefined])("cannot be %p", (text) => {
    expect(prose(20).safeParse(text).success).toBe(false);
  });
});
