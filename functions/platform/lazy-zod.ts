import * as core from "zod/v4/core";
import en from "zod/v4/locales/en.js";
import { LazySchema, type Make, ZodError } from "./lazy-schema.ts";
import { enumOf, transform, unknown as unknownOf } from "./schema-methods.ts";

// Bundles have this instead of zod, to start faster (docs/decisions/0007). It makes a schema of zod's core when it is
// first used: an invocation uses few of them. It has the members of zod that the functions use. zod's own classes load
// all of zod, JSON Schema included, and look for cyclic values, which JSON and DynamoDB do not have.

core.config(en());

/** @param known members of the schema that are known without making it */
const later =
  (make: Make, known?: Make): Make =>
  (...args) =>
    new LazySchema(() => make(...args), known?.(...args));

/** One of zod's functions that makes a schema of a class, with its parameters. */
const simple = (make: Make, Class: unknown) => later((params) => make(Class, params));

const objectWith = (catchall?: Make) =>
  later(
    (shape, params) =>
      new core.$ZodObjectJIT({ type: "object", shape, catchall: catchall?.(), ...core.util.normalizeParams(params) }),
    (shape) => ({ shape }),
  );
const never = () => core._never(core.$ZodNever);

export const NEVER = core.NEVER;
export const prettifyError = core.prettifyError;
export { ZodError };
export const string = simple(core._string, core.$ZodString);
export const number = simple(core._number, core.$ZodNumber);
export const int = simple(core._int, core.$ZodNumberFormat);
export const boolean = simple(core._boolean, core.$ZodBoolean);
export const url = simple(core._url, core.$ZodURL);
export const iso = {
  datetime: simple(core._isoDateTime, core.$ZodISODateTime),
  date: simple(core._isoDate, core.$ZodISODate),
};
export const coerce = { number: simple(core._coercedNumber, core.$ZodNumber) };
export const unknown = later(unknownOf);
export const stringbool = later((params) =>
  core._stringbool({ Codec: core.$ZodCodec, Boolean: core.$ZodBoolean, String: core.$ZodString }, params),
);
export const literal = later(
  (value, params) =>
    new core.$ZodLiteral({ type: "literal", values: [value].flat(), ...core.util.normalizeParams(params) }),
);
export const array = later(
  (element, params) => new core.$ZodArray({ type: "array", element, ...core.util.normalizeParams(params) }),
);
export const tuple = later((items) => new core.$ZodTuple({ type: "tuple", items, rest: null }));
export const record = later(
  (keyType, valueType, params) =>
    new core.$ZodRecord({ type: "record", keyType, valueType, ...core.util.normalizeParams(params) }),
);
export const partialRecord = later(
  (keyType, valueType) => new core.$ZodRecord({ type: "record", keyType, valueType, partial: true }),
);
export const preprocess = later((work, out) => new core.$ZodPreprocess({ type: "pipe", in: transform(work), out }));
export const union = later(
  (options, params) => new core.$ZodUnion({ type: "union", options, ...core.util.normalizeParams(params) }),
);
export const discriminatedUnion = later(
  (discriminator, options, params) =>
    new core.$ZodDiscriminatedUnion({ type: "union", options, discriminator, ...core.util.normalizeParams(params) }),
);
export const object = objectWith();
export const strictObject = objectWith(never);
export const looseObject = objectWith(unknownOf);
const enumLater = later(
  (values, params) => enumOf(Object.fromEntries(values.map((value: string) => [value, value])), params),
  (options) => ({ options }),
);

export { enumLater as enum };
