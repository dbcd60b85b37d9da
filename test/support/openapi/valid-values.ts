import fc from "fast-check";
import type { JsonSchema } from "./json-schema.ts";
import { matchesByKeys } from "./matches-by-keys.ts";

/** The value of unknown fields. It must appear nowhere. */
export const unnamed = "never-stored";

/** Texts that often break programs: quotes, key separators, wide and combined characters, percent signs. */
const letters = fc.constantFrom(..."abcXYZ0189 _-.:/#%&?=+'\"\\<>{}[]$@~,;é߀語😀\u0301");

const instants = fc
  .tuple(
    fc.date({ min: new Date("0000-01-02T00:00:00Z"), max: new Date("9999-12-30T00:00:00Z"), noInvalidDate: true }),
    fc.constantFrom("Z", "+00:00", "-11:30", "+14:00", "+23:59"),
    fc.constantFrom("", ".5", ".123", ".123456789"),
  )
  .map(([date, zone, fraction]) => date.toISOString().slice(0, 19) + fraction + zone);

const addresses = fc.stringMatching(
  /^https:\/\/[a-z]{1,12}\.example(:443)?(\/[a-zA-Z0-9._~%20-]{0,8}){0,3}(\?[a-z=&]{0,9})?$/,
);

/** The sources of values. */
export interface Source {
  /** Resolves a `$ref`. */
  follow: (ref: string) => JsonSchema;
  /** Existing values, by field name. */
  known: Readonly<Record<string, readonly string[]>>;
}

/** Values that a schema accepts; for rules that it cannot express, known good ones. */
export function valuesOf(schema: JsonSchema, source: Source): fc.Arbitrary<unknown> {
  const { follow, known } = source;
  const inner = (part: JsonSchema) => valuesOf(part, source);
  if (schema.$ref !== undefined) return inner(follow(schema.$ref));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(inner));
  if (Array.isArray(schema.type)) return fc.oneof(...schema.type.map((type) => inner({ ...schema, type })));
  switch (schema.type) {
    case "object":
      return schema.properties === undefined ? dictionaries(schema, inner) : objects(schema, inner, known);
    case "array":
      return lists(schema, inner(schema.items ?? {}));
    case "string":
      return texts(schema);
    case "integer":
      return fc.integer({ min: schema.minimum ?? -(2 ** 31), max: schema.maximum ?? 2 ** 31 - 1 });
    case "number":
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case undefined:
      return fc.jsonValue({ maxDepth: 2 });
    default:
      throw new Error(`values of ${JSON.stringify(schema)} are not known`);
  }
}

type Inner = (schema: JsonSchema) => fc.Arbitrary<unknown>;

function objects(
  { properties = {}, required = [], additionalProperties, not }: JsonSchema,
  inner: Inner,
  known: Source["known"],
) {
  const named = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => {
      const values = inner(schema);
      const there = known[name];
      return [name, there === undefined ? values : fc.oneof(values, fc.constantFrom(...there))];
    }),
  );
  const right =
    not === undefined
      ? fc.record(named, { requiredKeys: required, noNullPrototype: true })
      : keysOutside(not, Object.keys(properties), required).chain((keys) =>
          fc.record(Object.fromEntries(keys.map((name) => [name, named[name] ?? fc.constant(undefined)])), {
            noNullPrototype: true,
          }),
        );
  if (additionalProperties === false) return right;
  const others = fc.constantFrom({}, {}, {}, { constructor: unnamed }, { [unnamed]: { deep: [unnamed] } });
  return fc.tuple(right, others).map(([object, more]) => ({ ...more, ...object }));
}

/** Sets of keys that can fit. Choosing them before the values saves generating values that are discarded. */
function keysOutside(not: JsonSchema, names: readonly string[], required: readonly string[]): fc.Arbitrary<string[]> {
  return fc
    .subarray(names.filter((name) => !required.includes(name)))
    .map((optional) => [...required, ...optional])
    .filter((keys) => matchesByKeys(not, new Set(keys)) !== true);
}

function dictionaries({ propertyNames = {}, additionalProperties, maxProperties = 5 }: JsonSchema, inner: Inner) {
  const values = typeof additionalProperties === "object" ? inner(additionalProperties) : fc.string();
  return fc
    .uniqueArray(fc.tuple(texts(propertyNames), values), {
      maxLength: Math.min(maxProperties, 10),
      selector: ([name]) => name.toLowerCase(),
    })
    .map((entries) => Object.fromEntries(entries));
}

/** Mostly short ones, and sometimes the longest. */
function lists({ minItems = 0, maxItems = 20 }: JsonSchema, items: fc.Arbitrary<unknown>) {
  const few = fc.array(items, { minLength: minItems, maxLength: Math.min(maxItems, minItems + 2) });
  const full = items.map((item) => Array(maxItems).fill(item) as unknown[]);
  return fc.oneof({ weight: 60, arbitrary: few }, { weight: 1, arbitrary: full });
}

function texts({ not, ...schema }: JsonSchema): fc.Arbitrary<string> {
  if (not?.pattern === undefined) return textsThatFit(schema);
  const refused = new RegExp(not.pattern);
  return textsThatFit(schema).filter((text) => !refused.test(text));
}

const dates = instants.map((instant) => instant.slice(0, 10));

function textsThatFit({ format, pattern, minLength = 0, maxLength = 40 }: JsonSchema): fc.Arbitrary<string> {
  if (format === "date-time") return instants;
  if (format === "date") return dates;
  if (format === "uri") return addresses;
  if (pattern !== undefined && !pattern.includes("[^")) return matching(pattern);
  const fits = pattern === undefined ? undefined : new RegExp(pattern, "u");
  const short = fc.string({ unit: letters, minLength, maxLength: Math.min(maxLength, 24) });
  const long = fc.constantFrom("x", "語").map((letter) => letter.repeat(maxLength));
  return fc
    .oneof({ weight: 30, arbitrary: short }, { weight: 1, arbitrary: long })
    .filter((text) => text.length >= minLength && text.length <= maxLength && (fits === undefined || fits.test(text)));
}

/** Mostly short texts, and sometimes long ones, which take long to generate. */
function matching(pattern: string): fc.Arbitrary<string> {
  const full = fc.stringMatching(new RegExp(pattern));
  const shorter = pattern.replaceAll(/\{(\d+),(\d{2,})\}/g, (_, least: string, most: string) => {
    return `{${least},${Math.min(Number(most), Number(least) + 12)}}`;
  });
  if (shorter === pattern) return full;
  return fc.oneof({ weight: 30, arbitrary: fc.stringMatching(new RegExp(shorter)) }, { weight: 1, arbitrary: full });
}
