import * as z from "zod";
import { pathIdentifier } from "../../../../functions/core/shared/text.ts";

const pathParameters: Readonly<Record<string, string>> = {
  organizationId: "The issuer's organization id at Kard. The credential must have access to it.",
  userId: "The issuer's id of the user.",
  auditId: "The tracker's id of the audit; for an adopted audit, Kard's id.",
  subscriptionId: "The subscription's id.",
  notificationId: "The notification's id, as in lists.",
  file: "A file's name, as in the page.",
};

const requestHeaders = {
  "Idempotency-Key": {
    description:
      "Any text, bare or in double quotes. A repeated request with the same key creates nothing; its response is composed " +
      "from stored data. The same key with another request is a 422.",
    schema: {
      type: "string",
      pattern: '^("([\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\["\\\\]){1,255}"|[\\x21\\x23-\\x7e]{1,255})$',
    },
    example: "dispute-4711",
  },
  "X-Kard-Target-Issuer": {
    description: "The issuer, if the credential has several.",
    schema: { type: "string" },
    example: "organization-123",
  },
} as const;

export type RequestHeader = keyof typeof requestHeaders;

/** References to the parameters of a path such as `/v2/issuers/{organizationId}/audits`. */
export function parametersOf(path: string): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({ $ref: `#/components/parameters/${name}` }));
}

export function headersOf(names: readonly RequestHeader[]): object[] {
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

/** The parameters of a query. Brackets are part of their names, not a serialization style. */
export function queryOf(query: z.ZodType | undefined): object[] {
  if (query === undefined) return [];
  const { properties = {} } = z.toJSONSchema(query, { io: "input" });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as { description?: string };
    return { name, in: "query", ...(description === undefined ? {} : { description }), schema };
  });
}

/** The path and header parameters as components. */
export function parameterComponents(): Record<string, object> {
  const { $schema: _dialect, ...id } = z.toJSONSchema(pathIdentifier);
  const inPath = Object.entries(pathParameters).map(
    ([name, description]) => [name, { name, in: "path", required: true, description, schema: id }] as const,
  );
  const inHeader = Object.entries(requestHeaders).map(
    ([name, header]) => [name, { name, in: "header", ...header }] as const,
  );
  return Object.fromEntries([...inPath, ...inHeader]);
}

/** The headers of responses. */
export const responseHeaders = {
  RequestId: {
    description: "The request's id in the logs. Quote it in support requests.",
    schema: { type: "string" },
    example: "7f1d9b0e-6c5a-4d0b-9a57-0c8a1f6f2f0e",
  },
  IdempotentReplayed: {
    description: "`true` if the request repeats an earlier Idempotency-Key: it created nothing.",
    schema: { type: "string" },
    example: "true",
  },
  WwwAuthenticate: {
    description: "The authentication scheme: `Bearer`, or `Notify-Signature` for Kard's pushes.",
    schema: { type: "string" },
    example: "Bearer",
  },
  RateLimitReset: {
    description: "When to retry, in seconds since 1970.",
    schema: { type: "string" },
    example: "1773489607",
  },
  RetryAfter: {
    description: "Seconds to wait before a retry.",
    schema: { type: "string" },
    example: "7",
  },
};
