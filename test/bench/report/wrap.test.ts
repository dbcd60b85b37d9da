import { expect, test } from "@jest/globals";
import { wrap } from "./wrap.ts";

test("text is broken between words, at the last place that fits", () => {
  expect(wrap("one two three", 7)).toBe("one two\nthree");
  expect(wrap("one two three", 6)).toBe("one\ntwo\nthree");
  expect(wrap("one two three", 13)).toBe("one two three");
});

test("a longer word gets its own line", () => {
  expect(wrap("a considerable b", 5)).toBe("a\nconsiderable\nb");
});
