import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { contractFolder } from "../../../infra/commands/contract/contract-files.ts";
import type { JsonSchema } from "./json-schema.ts";

/** A body with its media type; `pointer` is the location of its schema in the document. */
export interface Media {
  contentType: string;
  pointer: string;
  example: unknown;
}

export interface DocumentedResponse {
  description: string;
  headers: Record<string, unknown>;
  content: Media[];
}

export interface DocumentedParameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  schema: JsonSchema;
}

/** An operation with resolved references. */
export interface DocumentedOperation {
  /** The route in the template, such as `GET /health`. */
  route: string;
  operationId: string;
  security: Record<string, string[]>[];
  parameters: DocumentedParameter[];
  body: { required: boolean; content: Media[] } | undefined;
  /** By status; `4XX` is any other one. */
  responses: Record<string, DocumentedResponse>;
}

type Node = Record<string, unknown>;

/** The published document for programs. */
export function openApiDocument(edit: (document: Node) => void = () => undefined) {
  const document = JSON.parse(readFileSync(join(contractFolder, "openapi.json"), "utf8")) as Node;
  edit(document);
  const ajv = formats.default(new Ajv2020({ strict: false, validateFormats: true }));
  ajv.addSchema({ ...document, $id: "openapi" });

  const at = (pointer: string): Node =>
    pointer
      .split("/")
      .slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce((node, part) => node[part] as Node, document);

  /** The value at a location, with its reference resolved, and its location. */
  const follow = (pointer: string): { node: Node; pointer: string } => {
    const node = at(pointer);
    return typeof node.$ref === "string" ? follow(node.$ref.slice(1)) : { node, pointer };
  };

  const mediaOf = (from: { node: Node; pointer: string }): Media[] =>
    Object.entries((from.node.content ?? {}) as Record<string, Node>).map(([contentType, { example }]) => {
      const place = `${from.pointer}/content/${contentType.replaceAll("/", "~1")}/schema`;
      return { contentType, example, pointer: place };
    });

  const operations = Object.entries(document.paths as Record<string, Record<string, Node>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): DocumentedOperation => {
      const pointer = `/paths/${path.replaceAll("/", "~1")}/${method}`;
      const parameters = ((operation.parameters ?? []) as Node[]).map(
        (_, i) => follow(`${pointer}/parameters/${i}`).node,
      );
      const responses = Object.keys(operation.responses as Node).map((status) => {
        const response = follow(`${pointer}/responses/${status}`);
        const { description, headers = {} } = response.node as unknown as DocumentedResponse;
        return [status, { description, headers, content: mediaOf(response) }] as const;
      });
      const body = operation.requestBody === undefined ? undefined : follow(`${pointer}/requestBody`);
      return {
        route: `${method.toUpperCase()} ${path}`,
        operationId: String(operation.operationId),
        security: operation.security as Record<string, string[]>[],
        parameters: parameters.map((parameter) => parameter as unknown as DocumentedParameter),
        body: body && { required: body.node.required === true, content: mediaOf(body) },
        responses: Object.fromEntries(responses),
      };
    }),
  );

  const compiled = new Map<string, ValidateFunction>();
  return {
    operations,
    /** The schema at a location, with its references resolved. */
    schemaNode: (pointer: string): JsonSchema => follow(pointer).node,
    /** Validates values by the schema at a location. */
    schemaAt(pointer: string): ValidateFunction {
      const known = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi#${encodeURI(pointer)}` });
      compiled.set(pointer, known);
      return known;
    },
  };
}

export type OpenApiDocument = ReturnType<typeof openApiDocument>;
