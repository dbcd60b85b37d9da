import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const read = (name: string) => readFileSync(join(import.meta.dirname, "../..", name), "utf8");

test("each npm script is described", () => {
  const scripts = Object.keys(JSON.parse(read("package.json")).scripts);
  const described = [...read("CONTRIBUTING.md").matchAll(/`(?:npm (?:run )?)?([\w:-]+)[^`]*`/g)].map(
    ([, name]) => name,
  );
  expect(scripts.filter((name) => !described.includes(name))).toEqual([]);
});
