import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

test("the runner names no product: it runs any template", () => {
  const runner = join(import.meta.dirname, "../../../../infra/local/runner");
  const files = readdirSync(runner, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(40);
  const naming = files.filter((file) =>
    /kard|\bKAT_|audit|issuer|webhook/i.test(file + readFileSync(join(runner, file), "utf8")),
  );
  expect(naming).toEqual([]);
});
