import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const root = join(import.meta.dirname, "../..");
const rows = readFileSync(join(root, "docs/security.md"), "utf8")
  .split("\n")
  .flatMap((line) => {
    const [, risk, tests = ""] = /^\| \*\*(API\d+)\*\* .*\|(.*)\|$/.exec(line) ?? [];
    return risk === undefined ? [] : [{ risk, files: [...tests.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file) }];
  });

test("the ten risks are there, in order", () => {
  expect(rows.map(({ risk }) => risk)).toEqual(Array.from({ length: 10 }, (_, n) => `API${n + 1}`));
});

test.each(rows)("$risk names tests, and they exist", ({ files }) => {
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect({ file, exists: existsSync(join(root, file)) }).toEqual({ file, exists: true });
  for (const file of files) expect(file).toMatch(/^test\/.*\.test\.ts$/);
});
