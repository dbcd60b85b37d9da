import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { asyncApi } from "./asyncapi.ts";
import { fieldsOf, type PublishedFields } from "./breaking-changes.ts";
import { jsonSchemaOf } from "./json-schema.ts";
import { openApi } from "./openapi/document.ts";
import { publishedShapes } from "./published-shapes.ts";

/** Folder of the published contract. */
export const contractFolder = join(import.meta.dirname, "../../../docs/contract");

/** Generates the contract's files, by file name. */
export function contractFiles(): Map<string, string> {
  const schemas = [...publishedShapes].map(
    ([name, shape]) => [`${name}.schema.json`, jsonSchemaOf(shape, "draft-2020-12")] as const,
  );
  return new Map(
    [
      ...schemas,
      ["asyncapi.json", asyncApi(examplesOfEvents())] as const,
      ["openapi.json", openApi()] as const,
      ["published.json", currentFields()] as const,
    ].map(([name, content]) => [name, `${JSON.stringify(content, undefined, 2)}\n`]),
  );
}

/** The fields of the current schemas. */
export function currentFields(): PublishedFields {
  return Object.fromEntries(
    [...publishedShapes].map(([name, shape]) => [name, fieldsOf(jsonSchemaOf(shape, "draft-2020-12"))]),
  );
}

/** The fields that are published so far. */
export function publishedFields(): PublishedFields {
  return JSON.parse(readFileSync(join(contractFolder, "published.json"), "utf8")) as PublishedFields;
}

/** The valid examples by event name. Variants have other names, which match no event. */
function examplesOfEvents(): Map<string, unknown> {
  const folder = join(contractFolder, "examples/valid");
  return new Map(
    readdirSync(folder).map((file) => [
      basename(file, ".json"),
      JSON.parse(readFileSync(join(folder, file), "utf8")) as unknown,
    ]),
  );
}
