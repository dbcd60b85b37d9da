import { createHmac } from "node:crypto";
import fc from "fast-check";
import type { JsonSchema } from "./json-schema.ts";
import type { DocumentedOperation, DocumentedParameter, OpenApiDocument } from "./openapi-document.ts";
import { unnamed, valuesOf } from "./valid-values.ts";

/** A client's request. */
export interface ApiRequest {
  method: string;
  /** Path and query, percent-encoded. */
  target: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
  /** Whether all ids in its path exist. */
  exists: boolean;
}

/** The parts of a request. */
export interface RequestParts {
  path: Record<string, string>;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: string | Buffer | undefined;
  exists: boolean;
  /** Replaces the operation's own method. */
  method?: string;
}

/** The callers, and the existing resources. */
export interface Setting {
  apiKey: string;
  organizationId: string;
  webhookKey: string;
  /** Existing ids by path parameter. */
  ids: Readonly<Record<string, readonly string[]>>;
  /** Existing values by body field, including those at Kard. */
  known: Readonly<Record<string, readonly string[]>>;
  /** A valid key, and one without rights. */
  apiKeyWithoutScopes: string;
}

/** Builds a request. A push is signed over its exact bytes. */
export function assemble(operation: DocumentedOperation, parts: RequestParts, setting: Setting): ApiRequest {
  const [method = "", template = ""] = operation.route.split(" ");
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts.path[name] ?? ""));
  const query = new URLSearchParams(parts.query).toString();
  const body = typeof parts.body === "string" ? Buffer.from(parts.body) : parts.body;
  const isPush = operation.security.some((scheme) => "kardSignature" in scheme);
  const signature = createHmac("sha256", setting.webhookKey)
    .update(body ?? "")
    .digest("base64");
  const credential: Record<string, string> = isPush
    ? { "notify-signature": signature }
    : { authorization: `Bearer ${setting.apiKey}` };
  const headers = { ...(operation.security.length === 0 ? {} : credential), ...parts.headers };
  return {
    method: parts.method ?? method,
    target: path + (query === "" ? "" : `?${query}`),
    headers,
    body,
    exists: parts.exists,
  };
}

/** Valid bodies of an operation, as values. The document decides about each. */
export function rightBodies(
  { body }: DocumentedOperation,
  { schemaNode, schemaAt }: OpenApiDocument,
  { known }: Setting,
) {
  const pointer = body?.content[0]?.pointer;
  if (pointer === undefined) return undefined;
  const isRight = schemaAt(pointer);
  const values = valuesOf(schemaNode(pointer), { follow: (ref) => schemaNode(ref.slice(1)), known });
  return { values: values.filter((value) => isRight(value)), isRight: (value: unknown) => isRight(value) === true };
}

/** Additions to a JSON text: duplicate keys, of which the last counts, and a prototype. */
const additions = fc.constantFrom(
  (text: string) => text,
  (text: string) => `{"__proto__":{"polluted":"${unnamed}"}${text === "{}" ? "" : ","}${text.slice(1)}`,
  (text: string) => text.replace(/^\{("\w+"):/, `{$1:"${unnamed}",$1:`),
);

/** The document's head states this for all bodies. */
const mostBytes = 64 * 1024;

/** Valid requests of an operation. */
export function rightRequests(
  operation: DocumentedOperation,
  document: OpenApiDocument,
  setting: Setting,
): fc.Arbitrary<RequestParts> {
  const source = { follow: (ref: string) => document.schemaNode(ref.slice(1)), known: {} };
  const values = ({ schema }: DocumentedParameter) => valuesOf(schema, source).map(String);
  const of = (place: string) => operation.parameters.filter((parameter) => parameter.in === place);
  const query = of("query").filter(({ name }) => name !== "page[after]");
  const headers = of("header").map((parameter) => {
    const isIssuer = parameter.name === "X-Kard-Target-Issuer";
    return [parameter.name.toLowerCase(), isIssuer ? fc.constant(setting.organizationId) : values(parameter)] as const;
  });
  const bodies = rightBodies(operation, document, setting);
  const texts =
    bodies &&
    fc
      .tuple(bodies.values, additions)
      .map(([value, add]) => add(JSON.stringify(value)))
      .filter((text) => Buffer.byteLength(text) <= mostBytes);
  return fc
    .record({
      path: pathsOf(of("path"), setting, values),
      query: fc.record(Object.fromEntries(query.map((each) => [each.name, values(each)])), { requiredKeys: [] }),
      headers: fc.record(Object.fromEntries(headers), { requiredKeys: [] }),
      body:
        texts === undefined
          ? fc.constant(undefined)
          : operation.body?.required
            ? texts
            : fc.option(texts, { nil: undefined }),
      contentType: fc.constantFrom("application/json", "application/vnd.api+json", "application/json; charset=utf-8"),
    })
    .map(({ path, query, headers, body, contentType }) => ({
      ...{ path: path.values, exists: path.exist, query: query as Record<string, string>, body },
      headers: {
        ...(headers as Record<string, string>),
        ...(body === undefined ? {} : { "content-type": contentType }),
      },
    }));
}

function pathsOf(
  parameters: readonly DocumentedParameter[],
  { ids }: Setting,
  values: (parameter: DocumentedParameter) => fc.Arbitrary<string>,
): fc.Arbitrary<{ values: Record<string, string>; exist: boolean }> {
  const each = parameters.map((parameter) => {
    const known = ids[parameter.name];
    if (known === undefined) return values(parameter).map((value) => ({ value, exists: true }));
    const there = fc.constantFrom(...known).map((value) => ({ value, exists: true }));
    const strange = values(parameter).map((value) => ({ value, exists: known.includes(value) }));
    if (parameter.name === "organizationId") return there;
    return fc.oneof({ weight: 9, arbitrary: there }, { weight: 1, arbitrary: strange });
  });
  return fc.tuple(...each).map((given) => ({
    values: Object.fromEntries(parameters.map(({ name }, i) => [name, given[i]?.value ?? ""])),
    exist: given.every(({ exists }) => exists),
  }));
}

/** A query parameter's schema on texts: an integer is plain digits. */
export function takesText(schema: JsonSchema, isRight: (value: unknown) => boolean, text: string): boolean {
  if (schema.type !== "integer") return isRight(text);
  return /^-?\d+$/.test(text) && isRight(Number(text));
}
