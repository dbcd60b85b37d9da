import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "@jest/globals";
import { bundleModule } from "../../../infra/constructs/function-bundle.ts";

const checkout = join(import.meta.dirname, "../../..");
const directory = mkdtempSync(join(tmpdir(), "kard-audit-tracker-schemas-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Schema {
  _zod: { def: object };
}
type Exports = Record<string, unknown>;

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null && "_zod" in value;

/** The definition of a schema with all its parts. Functions cannot be compared. */
function definitionOf(value: unknown): unknown {
  if (typeof value === "function") return "a function";
  if (value instanceof RegExp) return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(definitionOf);
  const content = isSchema(value) ? value._zod.def : value;
  return Object.fromEntries(
    Object.keys(content)
      .map((name) => [name, definitionOf(Reflect.get(content, name))] as const)
      .filter(([name, part]) => part !== undefined && !(name === "checks" && (part as unknown[]).length === 0)),
  );
}

const definitionsOf = (exports: Exports) =>
  Object.fromEntries(
    Object.entries(exports).flatMap(([name, value]) => (isSchema(value) ? [[name, definitionOf(value)]] : [])),
  );

test("each schema of the functions is the same in a bundle", async () => {
  const files = globSync("functions/*/**/*.ts", { cwd: checkout }).filter(
    (file) =>
      !/^functions\/(platform|console)\/|handler\.ts$/.test(file) &&
      readFileSync(join(checkout, file), "utf8").includes('from "zod"'),
  );
  const entry = join(directory, "entry.ts");
  writeFileSync(
    entry,
    files.map((file) => `export * as ${nameOf(file)} from ${JSON.stringify(join(checkout, file))};`).join("\n"),
  );
  bundleModule(entry, join(directory, "bundle"), "names");
  const bundled = (await import(pathToFileURL(join(directory, "bundle/index.mjs")).href)) as Record<string, Exports>;

  let compared = 0;
  for (const file of files) {
    const expected = definitionsOf((await import(pathToFileURL(join(checkout, file)).href)) as Exports);
    expect({ file, ...definitionsOf(bundled[nameOf(file)] ?? {}) }).toEqual({ file, ...expected });
    compared += Object.keys(expected).length;
  }
  expect(compared).toBeGreaterThan(100);
});

function nameOf(file: string): string {
  return file.replaceAll(/\W/g, "_");
}
