import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { bundleFunction, functionFolders } from "../../infra/constructs/function-bundle.ts";
import { bytesAtStart, filesAtStart } from "../support/bundles/files-at-start.ts";

const directory = mkdtempSync(join(tmpdir(), "kard-audit-tracker-bundles-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const limitBytes = 800_000;

test.each(functionFolders)("%s loads less than 800 KB when it starts", (folder) => {
  const output = join(directory, folder);
  bundleFunction(folder, output, "source-map");
  expect(bytesAtStart(output)).toBeLessThan(limitBytes);
});

test("a bundle loads the OpenAPI document and other credentials only when they are needed", () => {
  const output = join(directory, "audits-api");
  const loaded = filesAtStart(output);
  const later = readdirSync(output).filter((file) => file.endsWith(".mjs") && !loaded.has(file));
  const texts = later.map((file) => readFileSync(join(output, file), "utf8"));
  expect(texts.some((text) => text.includes("openapi"))).toBe(true);
  expect(later.length).toBeGreaterThan(5);
});
