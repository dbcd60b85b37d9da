import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { bundleFunction, functionFolders } from "../../../infra/constructs/function-bundle.ts";
import { bytesAtStart, filesAtStart } from "../../support/bundles/files-at-start.ts";

const directory = mkdtempSync(join(tmpdir(), "kard-audit-tracker-bundles-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const limitBytes = 800_000;

test.each(functionFolders)("%s loads less than 800 KB when it starts", (folder) => {
  const output = join(directory, folder);
  bundleFunction(folder, output, "source-map");
  expect(bytesAtStart(output)).toBeLessThan(limitBytes);
});

/** As ES modules, these load much more than their importer needs (docs/decisions/0007). */
const expensive = /\b(from|import|require\()\s*"node:http2"|\b(from|import)\s*"node:(http|util)"/;

// The canary also contains the command line, which runs on people's machines.
test.each(functionFolders.filter((folder) => folder !== "canary"))("%s loads no expensive module", (folder) => {
  const output = join(directory, folder);
  const texts = [...filesAtStart(output).keys()].map((file) => readFileSync(join(output, file), "utf8"));
  expect(texts.flatMap((text) => expensive.exec(text)?.[0] ?? [])).toEqual([]);
});

test("the OpenAPI document is loaded only when it is requested", () => {
  const output = join(directory, "with-the-document");
  bundleFunction("audits-api", output, "source-map");
  const document = readFileSync(join(import.meta.dirname, "../../../docs/contract/openapi.json"), "utf8");
  const description: string = JSON.parse(document).info.description;
  const files = readdirSync(output).filter((file) => file.endsWith(".mjs"));
  const holding = files.filter((file) =>
    readFileSync(join(output, file), "utf8").includes(JSON.stringify(description.slice(0, 60)).slice(1, -1)),
  );
  expect(holding).toHaveLength(1);
  expect(filesAtStart(output).has(holding[0] ?? "")).toBe(false);
});
