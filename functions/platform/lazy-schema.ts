import * as core from "zod/v4/core";

// biome-ignore lint/suspicious/noExplicitAny: callers have zod's types
type Any = any;
export type Make = (...args: Any[]) => Any;

export const ZodError: Any = core.$constructor(
  "ZodError",
  (error: Any, issues: Any) => {
    (core.$ZodError as Any).init(error, issues);
    error.name = "ZodError";
  },
  undefined,
  { Parent: Error },
);
const parse = core._parse(ZodError);
const safeParse = core._safeParse(ZodError);

/**
 * zod compiles a parser with the first parse of each object. That takes as long as thousands of parses, so the first
 * ones are interpreted.
 */
const interpretedParses = 100;
const interpreted = { jitless: true };

/** A schema of zod's core that is made when it is first used. `schema-methods.ts` gives it zod's methods. */
export class LazySchema {
  private parses = 0;
  readonly make: () => Any;
  readonly known: { shape?: Any; options?: Any };

  /** @param known members that are known without making the schema */
  constructor(make: () => Any, known: { shape?: Any; options?: Any } = {}) {
    this.make = make;
    this.known = known;
  }

  get shape(): Any {
    return this.known.shape ?? this._zod.def.shape;
  }

  get options(): Any {
    return this.known.options ?? Object.values(this._zod.def.entries);
  }

  /** What zod's core uses of a schema. Once the schema is made, this is a property like any other. */
  get _zod(): Any {
    const value = this.make()._zod;
    Object.defineProperty(this, "_zod", { value });
    return value;
  }

  parse(value: unknown): unknown {
    return parse(this as Any, value, this.#nextOptions());
  }

  safeParse(value: unknown): unknown {
    return safeParse(this as Any, value, this.#nextOptions());
  }

  #nextOptions() {
    if (this.parses === interpretedParses) return undefined;
    this.parses += 1;
    return interpreted;
  }

  /** Descriptions are for the published contract, which is not made from bundles. */
  describe(): this {
    return this;
  }

  meta(): this {
    return this;
  }
}
