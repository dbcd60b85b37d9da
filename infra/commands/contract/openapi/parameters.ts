import { z } from "zod";
import { pathIdentifier } from "../../../../functions/core/shared/text.ts";

const pathParameters: Readonly<Record<string, string>> = {
  organizationId: "The issuer, by its organization at Kard; one of the key's own.",
  userId: "The user, by the issuer's own id.",
  auditId: "The tracker's id of an audit; Kard's id of one that was adopted.",
  subscriptionId: "The subscription.",
  notificationId: "The notification, as lists show it.",
};

const requestHeaders = {
  "Idempotency-Key": {
    description:
      "Any text of one's own, bare or in double quotes. Repeating a request with its key makes nothing twice: the answer is " +
      "composed of what is stored. The same key with another request is a 422.",
    schema: {
      type: "string",
      pattern: '^("([\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\["\\\\]){1,255}"|[\\x21\\x23-\\x7e]{1,255})$',
    },
    example: "dispute-4711",
  },
  "X-Kard-Target-Issuer": {
    description: "Which issuer is meant, where the key has several.",
    schema: { type: "string" },
    example: "organization-123",
  },
} as const;

export type RequestHeader = keyof typeof requestHeaders;

/** The parameters of a path such as `/v2/issuers/{organizationId}/audits`. */
export function parametersOf(path: string): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({ $ref: `#/components/parameters/${name}` }));
}

export function headersOf(names: readonly RequestHeader[]): object[] {
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

/** The parameters of a query. Their names have brackets as they are: no serialization is involved. */
export function queryOf(query: z.ZodType | undefined): object[] {
  if (query === undefined) return [];
  const { properties = {} } = z.toJSONSchema(query, { io: "input" });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as { description?: string };
    return { name, in: "query", ...(description === undefined ? {} : { description }), schema };
  });
}

/** The parameters that are referred to. */
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

/** The headers of answers. */
export const answerHeaders = {
  RequestId: {
    description: "Names the request in the logs: quote it to whoever runs the tracker.",
    schema: { type: "string" },
    example: "7f1d9b0e-6c5a-4d0b-9a57-0c8a1f6f2f0e",
  },
  IdempotentReplayed: {
    description: "`true` where the request came before by its Idempotency-Key: it filed nothing anew.",
    schema: { type: "string" },
    example: "true",
  },
  WwwAuthenticate: {
    description: "How to authenticate: `Bearer`; to Kard's push, `Notify-Signature`.",
    schema: { type: "string" },
    example: "Bearer",
  },
  RetryAfter: {
    description: "When to try again: seconds from now.",
    schema: { type: "string" },
    example: "7",
  },
};
