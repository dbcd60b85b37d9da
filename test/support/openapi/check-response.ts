import { expect } from "@jest/globals";
import { type DocumentedOperation, openApiDocument } from "./openapi-document.ts";
import { unnamed } from "./valid-values.ts";

/** A response. */
export interface ApiResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
}

/** Forbids undocumented fields. */
function close(node: unknown): void {
  if (typeof node !== "object" || node === null) return;
  for (const part of Object.values(node)) close(part);
  const schema = node as { properties?: unknown; type?: unknown; additionalProperties?: unknown };
  if (schema.type === "object" && schema.properties !== undefined) schema.additionalProperties ??= false;
}

/** Other documented headers are optional. */
const alwaysSent = new Set(["X-Request-Id", "WWW-Authenticate"]);

const { schemaAt } = openApiDocument(close);

/** Patterns of internal details: stacks, files, programs, resources. */
const inside =
  /node_modules|\.ts:\d|\bat (?:async )?\w+[. ]?\w* \(|ZodError|TypeError|SyntaxError|RangeError|dynamodb|arn:aws/i;

/** The target of a subscription, which its owner gave. */
const ownTarget = /"target":\{[^}]*\}/g;

/** The response lists the methods of the path. */
export function expectMethodNotAllowed({ route }: DocumentedOperation, { status, headers, text }: ApiResponse): void {
  const [method = ""] = route.split(" ");
  expect(status).toBe(405);
  expect(headers.allow?.split(", ")).toEqual(expect.arrayContaining(method === "GET" ? ["GET", "HEAD"] : [method]));
  const fits = schemaAt(`/components/schemas/${route.includes("/transactions/") ? "LegacyError" : "Errors"}`);
  if (!fits(JSON.parse(text))) throw new Error(`${text}: ${JSON.stringify(fits.errors)}`);
}

/** The response matches the document for its status, has its request id, and reveals nothing internal. */
export function expectDocumented(operation: DocumentedOperation, { status, headers, text }: ApiResponse): void {
  expect(headers["x-request-id"]).toMatch(/^\S{8,}$/);
  const documented =
    operation.responses[status] ?? (status < 500 ? operation.responses[`${String(status)[0]}XX`] : undefined);
  if (documented === undefined)
    throw new Error(`${operation.route} answered ${status}, which is not documented: ${text}`);
  for (const name of Object.keys(documented.headers)) {
    if (alwaysSent.has(name)) expect(headers).toHaveProperty([name.toLowerCase()]);
  }
  const [media] = documented.content;
  if (media === undefined) {
    expect(text).toBe("");
    return;
  }
  expect(headers["content-type"]?.split(";")[0]).toBe(media.contentType);
  const fits = schemaAt(media.pointer);
  const value = media.contentType === "application/json" ? (JSON.parse(text) as unknown) : text;
  if (!fits(value)) throw new Error(`${operation.route} ${status} ${text}: ${JSON.stringify(fits.errors)}`);
  if (media.contentType !== "application/json") return;
  if (operation.route !== "GET /openapi.json") expect(text.replaceAll(ownTarget, "")).not.toMatch(inside);
  expect(text).not.toContain(unnamed);
}
