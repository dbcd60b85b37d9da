import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { asciiJson } from "../../../../functions/core/events/ascii-json.ts";

/** The characters that SQS accepts in a message (SendMessage, MessageBody), limited to ASCII. */
const printableAscii = /^[\x20-\x7e]*$/;

test("every UTF-16 code unit, including lone surrogates, is the same JSON value in printable ASCII", () => {
  const units = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit));
  const body = asciiJson(units);
  expect(body).toMatch(printableAscii);
  expect(JSON.parse(body)).toEqual(units);
});

test("so is every code point beyond them", () => {
  const points = Array.from({ length: 0x100000 }, (_, point) => String.fromCodePoint(0x10000 + point)).join("");
  const body = asciiJson({ points });
  expect(body).toMatch(printableAscii);
  expect(JSON.parse(body).points === points).toBe(true);
});

test("any text, as value and as name, is the same in printable ASCII", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }));
  fc.assert(
    fc.property(fc.dictionary(text, text, { noNullPrototype: true }), (value) => {
      const body = asciiJson(value);
      expect(body).toMatch(printableAscii);
      expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("ASCII text is unchanged JSON", () => {
  const value = { text: 'a "quoted" \\ line\n', number: 1.5, none: null, list: [true, undefined] };
  expect(asciiJson(value)).toBe(JSON.stringify(value));
});
