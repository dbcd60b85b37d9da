import { expect, test } from "@jest/globals";
import type * as zod from "zod";
import * as lazyZod from "../../../functions/platform/lazy-zod.ts";

const z = lazyZod as unknown as typeof zod;

test("a parser that is compiled after many parses gives the same results", () => {
  const schema = z.object({ name: z.string().min(2), inner: z.object({ count: z.int().optional() }).optional() });
  const results = Array.from({ length: 300 }, () =>
    [
      { name: "ab", inner: { count: 1 }, other: 1 },
      { name: "a", inner: { count: "1" } },
    ].map((value) => {
      const { data, error } = schema.safeParse(value);
      return { data, issues: error?.issues };
    }),
  );
  expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
  expect(results[0]?.[0]).toEqual({ data: { name: "ab", inner: { count: 1 } } });
});

test("a schema is built when it is first used", () => {
  let builds = 0;
  const shape = {
    get name() {
      builds++;
      return z.string();
    },
  };
  const schema = z.array(z.object(shape).describe("not built")).optional();
  expect(builds).toBe(0);
  expect(schema.parse([{ name: "a" }])).toEqual([{ name: "a" }]);
  expect(schema.safeParse([{ name: 1 }]).success).toBe(false);
  expect(builds).toBe(1);
});

test("schemas are composed as in zod", () => {
  const status = z.enum(["OPEN", "CLOSED"]);
  const base = z.object({ status, count: z.coerce.number().int().positive().default(1) });
  const audit = base.extend({ at: z.iso.datetime().nullable(), tags: z.record(z.string(), z.literal("x")).optional() });
  expect(status.options).toEqual(["OPEN", "CLOSED"]);
  expect(z.strictObject({ ...base.shape, id: z.string() }).parse({ status: "OPEN", id: "1" })).toEqual({
    ...{ status: "OPEN", id: "1", count: 1 },
  });
  const either = z.discriminatedUnion("status", [
    z.object({ status: z.literal("OPEN") }),
    audit.extend({ status: z.literal("CLOSED") }).transform(({ count }) => count),
  ]);
  expect(z.tuple([either, either]).parse([{ status: "OPEN" }, { status: "CLOSED", count: "3", at: null }])).toEqual([
    { status: "OPEN" },
    3,
  ]);
  expect("_zod" in audit).toBe(true);
});

test("errors are those of zod", () => {
  const schema = z.object({ url: z.url("must be a URL"), when: z.string().min(1, { error: "is empty", abort: true }) });
  const { error } = schema.safeParse({ url: "none", when: "" });
  expect(error).toBeInstanceOf(z.ZodError);
  expect(error?.issues.map(({ message }) => message)).toEqual(["must be a URL", "is empty"]);
});
