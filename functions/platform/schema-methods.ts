import * as core from "zod/v4/core";
import { LazySchema, type Make } from "./lazy-schema.ts";

type Schema = Parameters<Make>[number];

const optional = (innerType: Schema) => new core.$ZodOptional({ type: "optional", innerType });
const nullable = (innerType: Schema) => new core.$ZodNullable({ type: "nullable", innerType });
const pipe = (first: Schema, second: Schema) => new core.$ZodPipe({ type: "pipe", in: first, out: second });

export const enumOf: Make = (entries, params) =>
  new core.$ZodEnum({ type: "enum", entries, ...core.util.normalizeParams(params) });

export const unknown = () => core._unknown(core.$ZodUnknown);

/** The context of zod's own transformations has `addIssue`. That of its core has not. */
export function transform(work: Make) {
  const withContext = (input: unknown, context: Schema) => {
    context.addIssue = (issue: string | object) =>
      context.issues.push({ code: "custom", input, ...(typeof issue === "string" ? { message: issue } : issue) });
    return work(input, context);
  };
  return new core.$ZodTransform({ type: "transform", transform: withContext });
}

const changed = (schema: Schema, change: object) => core.clone(schema, core.util.mergeDefs(schema._zod.def, change));

const check = (schema: Schema, added: object) =>
  changed(schema, { checks: [...(schema._zod.def.checks ?? []), added] });

const isNumber = (schema: Schema) => schema._zod.def.type === "number";

/** The methods of zod's schemas that give another schema, as functions of the schema. */
const methods: Record<string, Make> = {
  optional,
  nullable,
  nullish: (schema) => optional(nullable(schema)),
  or: (schema, other) => new core.$ZodUnion({ type: "union", options: [schema, other] }),
  array: (element) => new core.$ZodArray({ type: "array", element }),
  default: (innerType, value) =>
    new core.$ZodDefault({
      ...{ type: "default", innerType },
      get defaultValue() {
        return core.util.shallowClone(value);
      },
    }),
  catch: (innerType, value) =>
    new core.$ZodCatch({ type: "catch", innerType, catchValue: typeof value === "function" ? value : () => value }),
  pipe,
  transform: (schema, work) => pipe(schema, transform(work)),
  refine: (schema, isRight, params) => check(schema, core._refine(core.$ZodCustom as Schema, isRight, params)),
  superRefine: (schema, work) => check(schema, core._superRefine(work)),
  overwrite: (schema, change) => check(schema, core._overwrite(change)),
  trim: (schema) => check(schema, core._trim()),
  regex: (schema, pattern, params) => check(schema, core._regex(pattern, params)),
  startsWith: (schema, prefix, params) => check(schema, core._startsWith(prefix, params)),
  min: (schema, least, params) =>
    check(schema, isNumber(schema) ? core._gte(least, params) : core._minLength(least, params)),
  max: (schema, most, params) =>
    check(schema, isNumber(schema) ? core._lte(most, params) : core._maxLength(most, params)),
  positive: (schema, params) => check(schema, core._gt(0, params)),
  int: (schema, params) => check(schema, core._int(core.$ZodNumberFormat, params)),
  extend: core.util.extend,
  pick: core.util.pick,
  omit: core.util.omit,
  partial: (schema) => core.util.partial(core.$ZodOptional as Schema, schema, undefined),
  loose: (schema) => changed(schema, { catchall: unknown() }),
  exclude: ({ _zod: { def } }, names) =>
    enumOf(Object.fromEntries(Object.entries(def.entries).filter(([name]) => !names.includes(name)))),
};

for (const [name, make] of Object.entries(methods))
  Object.defineProperty(LazySchema.prototype, name, {
    value(this: LazySchema, ...args: unknown[]) {
      return new LazySchema(() => make(this, ...args));
    },
  });
