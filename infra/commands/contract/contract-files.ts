import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { asyncApi } from "./asyncapi.ts";
import { jsonSchemaOf } from "./json-schema.ts";
import { openApi } from "./openapi/document.ts";
import { type Promises, promisesOf } from "./promises.ts";
import { publishedShapes } from "./published-shapes.ts";

/** Where the contract is published. */
export const contractFolder = join(import.meta.dirname, "../../../docs/contract");

/** The generated files of the contract by name, as they belong in its folder. */
export function contractFiles(): Map<string, string> {
  const schemas = [...publishedShapes].map(
    ([name, shape]) => [`${name}.schema.json`, jsonSchemaOf(shape, "draft-2020-12")] as const,
  );
  return new Map(
    [
      ...schemas,
      ["asyncapi.json", asyncApi(examplesOfEvents())] as const,
      ["openapi.json", openApi()] as const,
      ["published.json", promisesNow()] as const,
    ].map(([name, content]) => [name, `${JSON.stringify(content, undefined, 2)}\n`]),
  );
}

/** What the contract promises as it stands. */
export function promisesNow(): Promises {
  return Object.fromEntries(
    [...publishedShapes].map(([name, shape]) => [name, promisesOf(jsonSchemaOf(shape, "draft-2020-12"))]),
  );
}

/** What has been promised so far. */
export function promisesPublished(): Promises {
  return JSON.parse(readFileSync(join(contractFolder, "published.json"), "utf8")) as Promises;
}

/** The valid examples, by the names of their events; variants bring their own names, which no event has. */
function examplesOfEvents(): Map<string, unknown> {
  const folder = join(contractFolder, "examples/valid");
  return new Map(
    readdirSync(folder).map((file) => [
      basename(file, ".json"),
      JSON.parse(readFileSync(join(folder, file), "utf8")) as unknown,
    ]),
  );
}
