import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import fc from "fast-check";
import type { DocumentedOperation, OpenApiDocument } from "./openapi-document.ts";
import { type RequestParts, rightBodies, rightRequests, type Setting, takesText } from "./requests.ts";
import { queryTexts, spoiltBytes, spoiltValues, wrongContentTypes, wrongIds } from "./wrong-values.ts";

const ajv = formats.default(new Ajv2020({ strict: false }));

type Requests = fc.Arbitrary<RequestParts>;

/** The kind of a request with a method that the path does not have. Its response, a 405, is not in the document. */
export const wrongMethod = "the method";

/**
 * Requests of an operation with one error each, by the document or because no HTTP client may send it.
 *
 * @returns the kinds of errors that apply to the operation, by name
 */
export function wrongRequests(
  operation: DocumentedOperation,
  document: OpenApiDocument,
  setting: Setting,
): Record<string, Requests> {
  const right = rightRequests(operation, document, setting);
  return {
    ...wrongBodies(operation, document, setting, right),
    ...wrongParameters(operation, right),
    ...wrongCredentials(operation, setting, right),
    [wrongMethod]: right.map((request) => ({ ...request, method: "PUT" })),
  };
}

function wrongBodies(
  operation: DocumentedOperation,
  document: OpenApiDocument,
  setting: Setting,
  right: Requests,
): Record<string, Requests> {
  const bodies = rightBodies(operation, document, setting);
  if (bodies === undefined) return {};
  const json = "application/json";
  const withBody = (request: RequestParts, body: string | Buffer, contentType: string | undefined = json) => {
    const { "content-type": _, ...headers } = request.headers;
    return {
      ...request,
      body,
      headers: { ...headers, ...(contentType === undefined ? {} : { "content-type": contentType }) },
    };
  };
  const values = spoiltValues(bodies.values, bodies.isRight);
  const bytes = fc
    .tuple(
      bodies.values.map((value) => JSON.stringify(value)),
      fc.constantFrom(...spoiltBytes),
    )
    .map(([text, spoil]) => ({ text, body: spoil(text) }))
    .filter(({ text, body }) => !body.equals(Buffer.from(text)));
  const types = fc.tuple(right, bodies.values, fc.constantFrom(...wrongContentTypes));
  return {
    "a value": fc.tuple(right, values).map(([request, value]) => withBody(request, JSON.stringify(value))),
    "the bytes": fc.tuple(right, bytes).map(([request, { body }]) => withBody(request, body)),
    "the content type": types.map(([request, value, type]) => {
      const { headers, ...rest } = withBody(request, JSON.stringify(value));
      const { "content-type": _, ...others } = headers;
      return { ...rest, headers: { ...others, ...(type === undefined ? {} : { "content-type": type }) } };
    }),
    "the content encoding": fc
      .tuple(right, bodies.values, fc.constantFrom("gzip", "br", "deflate", "x"))
      .map(([request, value, encoding]) => {
        const { headers, ...rest } = withBody(request, JSON.stringify(value));
        return { ...rest, headers: { ...headers, "content-encoding": encoding } };
      }),
    ...(operation.body?.required ? { "no body": right.map((request) => ({ ...request, body: "" })) } : {}),
  };
}

function wrongParameters(
  { operationId, parameters, responses }: DocumentedOperation,
  right: Requests,
): Record<string, Requests> {
  const ids = parameters.filter((parameter) => parameter.in === "path" && parameter.name !== "organizationId");
  const query = parameters.filter((parameter) => parameter.in === "query");
  const kinds: Record<string, Requests> = {};
  if (ids.length > 0 && "404" in responses) {
    kinds["an id in the path"] = fc
      .tuple(right, fc.constantFrom(...ids), fc.constantFrom(...wrongIds))
      .map(([request, { name }, id]) => ({ ...request, path: { ...request.path, [name]: id } }));
  }
  const texts = query.flatMap(({ name, schema }) => {
    // A made-up token is not valid, whatever its format.
    const isRight = name === "page[after]" ? () => false : ajv.compile(schema);
    return queryTexts
      .filter((text) => !takesText(schema, (value) => isRight(value) === true, text))
      .map((text) => ({ name, text }));
  });
  if (texts.length > 0) {
    kinds["the query"] = fc
      .tuple(right, fc.constantFrom(...texts))
      .map(([request, { name, text }]) => ({ ...request, query: { ...request.query, [name]: text } }));
  }
  if (query.length > 0 || operationId.startsWith("list")) {
    const unknown = [
      "page[number]",
      "filter[state]",
      "filter",
      "Page[size]",
      "page[size",
      "sort",
      "__proto__",
      "toString",
    ];
    kinds["a parameter that is none"] = fc.tuple(right, fc.constantFrom(...unknown)).map(([request, name]) => ({
      ...request,
      query: Object.fromEntries([...Object.entries(request.query), [name, "1"]]),
    }));
  }
  if (parameters.some(({ name }) => name === "Idempotency-Key")) {
    const keys = ["", '""', "a b", '"a', 'a"b', "ü", "x".repeat(256), `"${"x".repeat(256)}"`];
    kinds["the Idempotency-Key"] = fc
      .tuple(right, fc.constantFrom(...keys))
      .map(([request, key]) => ({ ...request, headers: { ...request.headers, "idempotency-key": key } }));
  }
  return kinds;
}

function wrongCredentials(
  { security, parameters }: DocumentedOperation,
  { apiKeyWithoutScopes }: Setting,
  right: Requests,
): Record<string, Requests> {
  const [scheme] = security;
  if (scheme === undefined) return {};
  const header = "kardSignature" in scheme ? "notify-signature" : "authorization";
  const credentials = [
    "",
    "Bearer",
    "Bearer kat_",
    "Basic YTpi",
    "AAAA",
    `Bearer kat_${"a".repeat(12)}_${"a".repeat(32)}00000000`,
  ];
  const another = fc.constantFrom("another", "organization-12", "__proto__", "constructor");
  return {
    "the credential": fc
      .tuple(right, fc.constantFrom(...credentials))
      .map(([request, credential]) => ({ ...request, headers: { ...request.headers, [header]: credential } })),
    // An operation without a scope is for every caller.
    ...("apiKey" in scheme && scheme.apiKey.length > 0
      ? {
          "the scope": right.map((request) => ({
            ...request,
            headers: { ...request.headers, authorization: `Bearer ${apiKeyWithoutScopes}` },
          })),
        }
      : {}),
    ...(header === "authorization" && parameters.some(({ name }) => name === "organizationId")
      ? {
          "the issuer": fc
            .tuple(right, another)
            .map(([request, organizationId]) => ({ ...request, path: { ...request.path, organizationId } })),
        }
      : {}),
  };
}
