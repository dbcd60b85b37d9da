import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { cachedAssembly } from "../../../infra/local/assembly-cache.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kard-audit-tracker-cache-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const cached = () => readdirSync(join(root, "node_modules/.cache/kard-audit-tracker"));

let made = 0;
const make = async (directory: string) => {
  made += 1;
  writeFileSync(join(directory, "manifest.json"), String(made));
};
const contentOf = async (context: Record<string, string>) =>
  readFileSync(join(await cachedAssembly(context, make, root), "manifest.json"), "utf8");

test("synthesizes once for each context", async () => {
  const first = await contentOf({ stage: "a" });
  expect(await contentOf({ stage: "b" })).not.toBe(first);
  expect(await contentOf({ stage: "a" })).toBe(first);
});

test("synthesizes again when a source changes, and not when the runner does", async () => {
  const write = (file: string, content: string) => {
    mkdirSync(join(root, file, ".."), { recursive: true });
    writeFileSync(join(root, file), content);
  };
  write("functions/core/a.ts", "1");
  const first = await contentOf({});
  write("infra/local/runner/b.ts", "1");
  expect(await contentOf({})).toBe(first);
  write("functions/core/a.ts", "2");
  expect(await contentOf({})).not.toBe(first);
  write("functions/core/a.ts", "1");
  expect(await contentOf({})).toBe(first);
});

test.each<[string, (manifest: string) => void]>([
  ["a changed file", (manifest) => writeFileSync(manifest, "damaged")],
  ["a missing file", (manifest) => rmSync(manifest)],
  ["an added file", (manifest) => writeFileSync(`${manifest}.more`, "")],
])("an assembly with %s is synthesized again", async (_, damage) => {
  const first = await contentOf({});
  damage(join(await cachedAssembly({}, make, root), "manifest.json"));
  expect(await contentOf({})).toBe(String(Number(first) + 1));
  expect(cached()).toHaveLength(1);
});

test("a synthesis that fails leaves nothing behind", async () => {
  const failing = async (directory: string) => {
    writeFileSync(join(directory, "manifest.json"), "half");
    throw new Error("invalid configuration");
  };
  await expect(cachedAssembly({}, failing, root)).rejects.toThrow("invalid configuration");
  expect(cached()).toEqual([]);
});

test("two at the same time share the first that ends", async () => {
  const started = Promise.withResolvers<void>();
  const slow = cachedAssembly({}, (directory) => started.promise.then(() => make(directory)), root);
  const fast = await cachedAssembly({}, make, root);
  started.resolve();
  expect(await slow).toBe(fast);
  expect(cached()).toHaveLength(1);
});

test("keeps the ten that were used last", async () => {
  const paths: string[] = [];
  for (let n = 0; n < 12; n += 1) {
    paths.push(await cachedAssembly({ n: String(n) }, make, root));
    await cachedAssembly({ n: "0" }, make, root);
  }
  expect(existsSync(paths[0] ?? "")).toBe(true);
  expect(cached()).toHaveLength(10);
});
