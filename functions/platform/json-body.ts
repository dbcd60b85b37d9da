import type * as z from "zod";
import { type ErrorObject, errorObject, HttpError, httpError } from "./http-error.ts";

// `process.getBuiltinModule` loads less than an import (docs/decisions/0007).
const { MIMEType } = process.getBuiltinModule("node:util");

export const maxBytes = 64 * 1024;
const maxDepth = 16;
const maxNodes = 10_000;
const maxErrors = 50;

/** A raw request body with its media type and encoding. */
export interface Body {
  bytes: Buffer;
  contentType: string | undefined;
  contentEncoding?: string | undefined;
}

/**
 * Parses a JSON body by a schema.
 *
 * @throws HttpError 413 above 64 KB, 415 if it is not uncompressed JSON in UTF-8, 400 with a JSON pointer per error
 */
export function readJson<Schema extends z.ZodType>(schema: Schema, body: Body): z.output<Schema> {
  return validate(schema, parse(body), "pointer");
}

/**
 * Parses query parameters by a schema.
 *
 * @throws HttpError 400 that names each invalid parameter
 */
export function readQuery<Schema extends z.ZodType>(schema: Schema, query: Record<string, string>): z.output<Schema> {
  return validate(schema, query, "parameter");
}

function validate<Schema extends z.ZodType>(schema: Schema, value: unknown, sourceKind: "pointer" | "parameter") {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.flatMap(oneByOne).slice(0, maxErrors);
  const errors = issues.map(({ path, message }): ErrorObject => {
    const source = sourceKind === "pointer" ? { pointer: pointerTo(path) } : { parameter: path.join(".") };
    return errorObject(400, message, source);
  });
  throw new HttpError(400, errors);
}

/** zod reports all unknown keys of an object in one issue. */
function oneByOne(issue: z.core.$ZodIssue): { path: readonly PropertyKey[]; message: string }[] {
  const { path } = issue;
  if (issue.code !== "unrecognized_keys") return [{ path, message: messageOf(issue) }];
  return issue.keys.map((key) => ({ path: [...path, key], message: "is not a known field" }));
}

/** zod's own message for an invalid key does not say why. */
function messageOf(issue: z.core.$ZodIssue): string {
  return (issue.code === "invalid_key" ? issue.issues[0]?.message : undefined) ?? issue.message;
}

/** A JSON pointer (RFC 6901). */
function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function parse({ bytes, contentType, contentEncoding = "identity" }: Body): unknown {
  if (bytes.length > maxBytes) throw httpError(413, `the body has ${bytes.length} bytes; the limit is ${maxBytes}`);
  if (!isJsonInUtf8(contentType)) {
    throw httpError(415, "send JSON in UTF-8, with `Content-Type: application/json`", { header: "Content-Type" });
  }
  if (contentEncoding.trim().toLowerCase() !== "identity") {
    const error = errorObject(415, "send the body without a Content-Encoding", { header: "Content-Encoding" });
    // RFC 9110, 15.5.16 and 12.5.3: the response lists the accepted codings.
    throw new HttpError(415, [error], { "accept-encoding": "identity" });
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw httpError(400, "the body is not JSON in UTF-8", { pointer: "" });
  }
  checkComplexity(value);
  return value;
}

function isJsonInUtf8(contentType = ""): boolean {
  try {
    const { essence, params } = new MIMEType(contentType);
    const charset = (params.get("charset") ?? "utf-8").toLowerCase();
    return ["application/json", "application/vnd.api+json"].includes(essence) && ["utf-8", "utf8"].includes(charset);
  } catch {
    return false;
  }
}

/** JSON.parse accepts a depth at which recursive code would overflow the stack. */
function checkComplexity(value: unknown): void {
  let nodes = 0;
  for (let level = [value], depth = 0; level.length > 0; depth++) {
    nodes += level.length;
    if (depth > maxDepth || nodes > maxNodes)
      throw httpError(400, "the body is nested too deeply or has too many parts", { pointer: "" });
    level = level.flatMap((node) => (typeof node === "object" && node !== null ? Object.values(node) : []));
  }
}
