import { httpError } from "./http-error.ts";
import { type Body, maxBytes } from "./json-body.ts";

// `process.getBuiltinModule` loads less than an import (docs/decisions/0007).
const { MIMEType } = process.getBuiltinModule("node:util");

/** Whether the body's media type is a form. */
export function isForm({ contentType = "" }: Body): boolean {
  try {
    return new MIMEType(contentType).essence === "application/x-www-form-urlencoded";
  } catch {
    return false;
  }
}

/**
 * Parses a form body.
 *
 * @throws HttpError 413 above 64 KB
 */
export function readForm({ bytes }: Body): URLSearchParams {
  if (bytes.length > maxBytes) throw httpError(413, `the body has ${bytes.length} bytes; the limit is ${maxBytes}`);
  return new URLSearchParams(bytes.toString("utf8"));
}
