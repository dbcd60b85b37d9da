import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import middy from "@middy/core";
import { middyOptions } from "../../../functions/platform/middy-options.ts";

const root = join(import.meta.dirname, "../../..");

test("a handler that takes longer than Lambda lets it is not answered for", async () => {
  let isAnswered = false;
  const release = Promise.withResolvers<void>();
  const handler = middy(middyOptions).handler(() => release.promise);
  const answered = handler({}, { getRemainingTimeInMillis: () => 10 } as never).finally(() => {
    isAnswered = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(isAnswered).toBe(false);
  release.resolve();
  await answered;
});

test("every handler has these options", async () => {
  const found: string[] = [];
  for await (const file of glob("functions/**/*.ts", { cwd: root })) {
    const source = readFileSync(join(root, file), "utf8");
    found.push(...(source.match(/\bmiddy(?:<[^>]*>)?\([^)]*\)/g) ?? []));
  }
  expect(found.length).toBeGreaterThan(4);
  expect(found.filter((call) => !call.includes("(middyOptions)"))).toEqual([]);
});
