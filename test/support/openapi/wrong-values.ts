import fc from "fast-check";

type Json = unknown;
type Place = { holder: Record<string, Json> | Json[]; name: string };

/** Replacements for valid values. The schema decides whether they are invalid there. */
const replacements: ((right: Json) => Json)[] = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 1.5,
  () => 2 ** 53,
  () => 1e300,
  () => "",
  () => "x",
  () => "x".repeat(5_000),
  () => "https://user:word@issuer.example/",
  () => "2026-02-30T00:00:00Z",
  () => [],
  () => ({}),
  () => ["x"],
  () => ({ $ne: null }),
  (right) => [right],
  (right) => ({ 0: right }),
  (right) => asText(right),
  (right) => `${asText(right)}\u0000`,
  (right) => `a\u202e${asText(right)}`,
  (right) => `${asText(right)}\ud800`,
  (right) => `${asText(right)}\n`,
  (right) => asText(right).padEnd(257, "x"),
  (right) => (Array.isArray(right) ? Array(101).fill(right[0]) : right),
  (right) => (typeof right === "number" ? right + 0.5 : right),
  (right) => (typeof right === "string" ? right.toLowerCase() : right),
];

/** A generated object may have a `toString` that is not a function, or none. */
function asText(value: Json): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function placesIn(value: Json): Place[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Place["holder"];
  return Object.entries(holder).flatMap(([name, part]) => [{ holder, name }, ...placesIn(part)]);
}

/** A copy of a value with one part replaced or removed. */
function spoilt(value: Json, place: number, how: number): Json {
  const root = { value: structuredClone(value) };
  const places = placesIn(root);
  const { holder, name } = places[place % places.length] ?? { holder: root, name: "value" };
  const into = holder as Record<string, Json>;
  const replace = replacements[how % (replacements.length + 3)];
  if (replace !== undefined) into[name] = replace(into[name]);
  else if (holder === root) into[name] = [];
  else delete into[name];
  return root.value;
}

/** Values with one error. */
export function spoiltValues(right: fc.Arbitrary<Json>, isRight: (value: Json) => boolean): fc.Arbitrary<Json> {
  return fc
    .tuple(right, fc.nat(), fc.nat())
    .map(([value, place, how]) => spoilt(value, place, how))
    .filter((value) => !isRight(value));
}

/** Bytes, made of a valid body, that are not JSON of an allowed size and shape. */
export const spoiltBytes: readonly ((right: string) => Buffer)[] = [
  (right) => Buffer.from(right.slice(0, -1)),
  (right) => Buffer.from(`${right},`),
  (right) => Buffer.from(right.replaceAll('"', "'")),
  (right) => Buffer.from(`{"x":NaN,${right.slice(1)}`),
  (right) => Buffer.from(right, "utf16le"),
  (right) => Buffer.concat([Buffer.from(right.slice(0, -1)), Buffer.from(',"x":"\xff"}', "latin1")]),
  (right) => Buffer.concat([Buffer.from(right.slice(0, -1)), Buffer.from(',"x":"\xc0\x80"}', "latin1")]),
  (right) => Buffer.concat([Buffer.from(right.slice(0, -1)), Buffer.from(',"x":"\xed\xa0\x80"}', "latin1")]),
  (right) => Buffer.from(right.padEnd(64 * 1024 + 1)),
  (right) => Buffer.from(`{"x":${"[".repeat(17)}${"]".repeat(17)},${right.slice(1)}`),
  (right) => Buffer.from(`{"x":${"[".repeat(30_000)}${"]".repeat(30_000)},${right.slice(1)}`),
  (right) => Buffer.from(`{"x":[${"0,".repeat(10_000)}0],${right.slice(1)}`),
];

/** Texts that are not ids. */
export const wrongIds: readonly string[] = [
  "a\u0000b",
  "a\nb",
  "a\u007fb",
  "a\u0085b",
  "a\u202eb",
  "\u200fb",
  "a\u2028b",
  "x".repeat(257),
  "語".repeat(257),
  " a",
  "a ",
  "\u00a0a",
  "a\u200b",
  "a\ufeff",
];

export const wrongContentTypes: readonly (string | undefined)[] = [
  undefined,
  "",
  "text/plain",
  "text/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/jsonp",
  "application/xml",
  "application/json5",
  "application/json; charset=iso-8859-1",
  "application/json; charset=utf-16le",
];

/** Texts in a query. The schema decides whether they are invalid there. */
export const queryTexts: readonly string[] = [
  "",
  " ",
  "0",
  "-1",
  "+1",
  "1.0",
  "1e1",
  "0x10",
  " 5",
  "5 ",
  "201",
  "99999999999999999999",
  "NaN",
  "Infinity",
  "true",
  "TRUE",
  "null",
  "NEW",
  "new",
  "NEW,CLOSED",
  "2026-01-31",
  "2026-02-30T00:00:00Z",
  "2026-01-31T09:00:00",
  "2026-02-31",
  "7",
  "2026-01-31t09:00:00z",
  "1700000000",
  ...wrongIds,
];
