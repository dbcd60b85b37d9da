import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { bundleFunction } from "../../../infra/constructs/function-bundle.ts";
import { cachedBundle, writeBundle } from "../../../infra/local/bundle-cache.ts";

const checkout = join(import.meta.dirname, "../../..");
const directory = mkdtempSync(join(tmpdir(), "kard-audit-tracker-bundle-"));
/** As deep in the checkout as the output of `cdk synth`, so that source maps have the same paths. */
const synthesized = mkdtempSync(join(checkout, "cdk.out-"));
afterAll(() => {
  for (const created of [directory, synthesized]) rmSync(created, { recursive: true, force: true });
});

const contentOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => statSync(join(folder, file)).isFile())
    .sort()
    .map((file) => [file, readFileSync(join(folder, file), "base64")]);

test.each(["audits-api", "canary"])("the bundle of %s has the bytes that `cdk synth` writes", async (folder) => {
  const output = join(synthesized, folder);
  bundleFunction(folder, output, "source-map");
  await writeBundle(folder, join(directory, folder));
  expect(contentOf(join(directory, folder))).toEqual(contentOf(output));
});

test("a function is bundled once, and again if its bundle was damaged", async () => {
  const first = await cachedBundle("canary");
  const written = statSync(join(first, "index.mjs")).ino;
  expect(await cachedBundle("canary")).toBe(first);
  expect(statSync(join(first, "index.mjs")).ino).toBe(written);
  const content = contentOf(first);
  writeFileSync(join(first, "index.mjs"), "damaged");
  expect(await cachedBundle("canary")).toBe(first);
  expect(contentOf(first)).toEqual(content);
});

test("functions have keys of their own files", async () => {
  const [canary, sweep] = await Promise.all([cachedBundle("canary"), cachedBundle("sweep-outbox")]);
  const cache = join(canary, "../../..");
  const inputsOf = (folder: string): string[] => JSON.parse(readFileSync(join(cache, `${folder}.json`), "utf8"));
  expect(inputsOf("canary")).toContain("functions/canary/handler.ts");
  expect(inputsOf("canary")).not.toContain("functions/sweep-outbox/handler.ts");
  expect(inputsOf("sweep-outbox").every((input) => existsSync(join(checkout, input)))).toBe(true);
  expect(sweep).not.toBe(canary);
});
