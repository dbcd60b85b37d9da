import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const root = join(import.meta.dirname, "../..");
const pages = [...globSync("*.md", { cwd: root }), ...globSync("docs/**/*.md", { cwd: root })];

// A path in backticks that starts with a folder of sources, such as `functions/platform/http.ts` or `test/e2e/`.
const path = /`((?:\.ci|\.github|cli|docs|examples|functions|infra|test)\/[^`\s]*)`/g;

test.each(pages)("the files that %s names exist", (page) => {
  const named = [...readFileSync(join(root, page), "utf8").matchAll(path)].map(([, name = ""]) => name);
  const missing = named.filter((name) => globSync(name.replaceAll(/<[^>]+>/g, "*"), { cwd: root }).length === 0);
  expect(missing).toEqual([]);
});
