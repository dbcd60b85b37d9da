import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { contractFolder } from "../../../infra/commands/contract/contract-files.ts";
import { publishedEvents } from "../../../infra/commands/contract/published-events.ts";
import { publishedShapes } from "../../../infra/commands/contract/published-shapes.ts";

export const read = (file: string) => JSON.parse(readFileSync(join(contractFolder, file), "utf8"));
export const filesIn = (folder: string) => readdirSync(join(contractFolder, folder)).map((file) => join(folder, file));

const ajv = formats.default(new Ajv2020({ allErrors: true }));
export const published = new Map(
  [...publishedShapes.keys()].map((name) => [name, ajv.compile(read(`${name}.schema.json`))] as const),
);

/** Validates an event by the published JSON Schema and by its zod schema. Both must agree. */
export function taken(event: unknown): { byJsonSchema: boolean; byZod: boolean } {
  const { type } = event as { type: string };
  return {
    byJsonSchema: published.get(type)?.(event) ?? false,
    byZod: publishedEvents.get(type)?.schema.safeParse(event).success ?? false,
  };
}
