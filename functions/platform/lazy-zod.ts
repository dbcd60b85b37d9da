import * as zod from "zod/v4";

// Bundles have this instead of zod. A schema is built when it is first used: building the hundreds of schemas of a
// function takes a third of its cold start, and an invocation uses few of them.

type Method = (...args: unknown[]) => unknown;
type Members = Record<PropertyKey, unknown>;

/** The methods that give another schema, for which the schema itself need not be built. */
const chained = new Set<PropertyKey>([
  ...["optional", "nullable", "nullish", "default", "catch", "array", "min", "max", "positive", "int", "regex", "trim"],
  ...["transform", "pipe", "refine", "superRefine", "overwrite", "extend", "partial", "pick", "omit", "exclude"],
]);

/** The schema that a lazy one stands for. */
const built = Symbol("built");

interface Lazy {
  build: () => unknown;
  schema: Members | undefined;
  /** The members that are known without building it, or were asked for. */
  members: Members;
}

const handler: ProxyHandler<Lazy> = {
  get(lazy, name, proxy) {
    if (name === built) return schemaOf(lazy);
    // Descriptions are for the published contract, which is not made from bundles.
    if (name === "describe" || name === "meta") return () => proxy;
    lazy.members[name] ??= chained.has(name) ? chain(lazy, name) : memberOf(schemaOf(lazy), name);
    return lazy.members[name];
  },
  has: (lazy, name) => name in schemaOf(lazy),
};

/** A schema that is built when it is first used. */
function lazy(build: () => unknown, members: Members = {}): unknown {
  return new Proxy<Lazy>({ build, schema: undefined, members }, handler);
}

function schemaOf(lazy: Lazy): Members {
  lazy.schema ??= lazy.build() as Members;
  return lazy.schema;
}

function chain(from: Lazy, name: PropertyKey): Method {
  return (...args) => lazy(() => (schemaOf(from)[name] as Method)(...args.map(resolved)));
}

function memberOf(schema: Members, name: PropertyKey): unknown {
  const member = schema[name];
  return typeof member === "function" ? member.bind(schema) : member;
}

/** An argument with built schemas, as zod expects them. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== "object" || value === null) return value;
  const schema = (value as Members)[built];
  if (schema !== undefined) return schema;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, resolved(part)]));
}

/** A lazy version of one of zod's functions. `first` names the member that its first argument becomes. */
function later(make: unknown, first?: "shape" | "options"): Method {
  return (...args) =>
    lazy(() => (make as Method)(...args.map(resolved)), first === undefined ? {} : { [first]: args[0] });
}

export const NEVER = zod.NEVER;
export const ZodError = zod.ZodError;
export const prettifyError = zod.prettifyError;
export const string = later(zod.string);
export const number = later(zod.number);
export const int = later(zod.int);
export const boolean = later(zod.boolean);
export const stringbool = later(zod.stringbool);
export const literal = later(zod.literal);
export const unknown = later(zod.unknown);
export const url = later(zod.url);
export const array = later(zod.array);
export const tuple = later(zod.tuple);
export const record = later(zod.record);
export const partialRecord = later(zod.partialRecord);
export const union = later(zod.union);
export const discriminatedUnion = later(zod.discriminatedUnion);
export const preprocess = later(zod.preprocess);
export const object = later(zod.object, "shape");
export const strictObject = later(zod.strictObject, "shape");
export const looseObject = later(zod.looseObject, "shape");
const enumOf = later(zod.enum, "options");

export { enumOf as enum };
export const iso = { datetime: later(zod.iso.datetime), date: later(zod.iso.date) };
export const coerce = { number: later(zod.coerce.number) };
