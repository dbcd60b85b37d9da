import { join } from "node:path";
import { openApi } from "./openapi/document.ts";

/** The types of the API for the console. */
export const consoleTypesFile = join(import.meta.dirname, "../../../functions/console/openapi.ts");

/** The parts of a JSON schema that decide its TypeScript type. */
interface Schema {
  $ref?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
}

interface Content {
  content?: Record<string, { schema: Schema }>;
}

interface Operation {
  parameters?: { in?: string; name?: string }[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** TypeScript types of all schemas and operations of the OpenAPI document. */
export function consoleTypes(): string {
  const { paths, components } = openApi() as Document;
  const schemas = Object.entries(components.schemas).map(([name, schema]) => `  ${name}: ${typeOf(schema)};`);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => operationType(`${method.toUpperCase()} ${path}`, operation)),
  );
  return [
    "// Generated from the OpenAPI document by `npm run contract`.",
    "",
    ...["export interface Schemas {", ...schemas, "}", ""],
    ...["export interface Operations {", ...operations, "}", ""],
  ].join("\n");
}

function operationType(route: string, { parameters = [], requestBody, responses }: Operation): string {
  const queries = parameters.filter((parameter) => parameter.in === "query").map(({ name = "" }) => name);
  const query = queries.map((name) => `${JSON.stringify(name)}?: string`).join("; ");
  const answers = Object.entries(responses)
    .filter(([status]) => status.startsWith("2"))
    .map(([, response]) => jsonType(response));
  const answer = [...new Set(answers)].join(" | ");
  return `  ${JSON.stringify(route)}: { query: { ${query} }; body: ${jsonType(requestBody)}; answer: ${answer} };`;
}

function jsonType(body: Content | undefined): string {
  const schema = body?.content?.["application/json"]?.schema;
  return schema === undefined ? "undefined" : typeOf(schema);
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return `Schemas[${JSON.stringify(schema.$ref.split("/").at(-1))}]`;
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf !== undefined) return `(${schema.anyOf.map(typeOf).join(" | ")})`;
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(" | ");
  switch (schema.type) {
    case "object":
      return objectType(schema);
    case "array":
      return `${schema.items === undefined ? "unknown" : `(${typeOf(schema.items)})`}[]`;
    case "integer":
      return "number";
    case "string":
    case "number":
    case "boolean":
    case "null":
      return schema.type;
    default:
      return "unknown";
  }
}

function objectType({ properties, required = [], additionalProperties }: Schema): string {
  if (properties === undefined) {
    const values = typeof additionalProperties === "object" ? typeOf(additionalProperties) : "unknown";
    return `{ [name: string]: ${values} }`;
  }
  const fields = Object.entries(properties).map(
    ([name, schema]) => `${JSON.stringify(name)}${required.includes(name) ? "" : "?"}: ${typeOf(schema)}`,
  );
  return `{ ${fields.join("; ")} }`;
}
