import * as z from "zod";
import type { SandboxResponse } from "./responses.ts";

// Responses that differ from Kard's reference in ways that APIs are known to change. Their meaning stays the same.

interface Created {
  data: { type: string; id: string; attributes: { transactionId: string } }[];
}
type Fields = Record<string, unknown>;

/** Variants of a create's response. */
const creates = {
  "one-object": ({ data: [audit] }) => ({ data: audit }),
  "no-attributes": ({ data }) => ({ data: data.map(({ attributes: _, ...audit }) => audit) }),
  "null-errors": (created) => ({ ...created, errors: null, links: null }),
  "transaction-in-capitals": ({ data }) => ({
    data: data.map((audit) => ({
      ...audit,
      attributes: { transactionId: audit.attributes.transactionId.toUpperCase() },
    })),
  }),
  "null-id": ({ data }) => ({ data: data.map((audit) => ({ ...audit, id: null })) }),
  "empty-body": () => undefined,
} satisfies Record<string, (created: Created) => unknown>;

/** Variants of an audit's status. */
const statuses = {
  nulls: ({ _id, status, resolutionCode }) => ({
    _id,
    status,
    resolutionCode,
    merchantName: null,
    transactionId: null,
  }),
  "numbers-as-text": (audit) => ({
    ...audit,
    auditCode: String(audit.auditCode),
    resolutionCode: String(audit.resolutionCode),
  }),
  "texts-as-numbers": (audit) => ({
    ...audit,
    merchantId: 7,
    transactionAmountInCents: 26.5,
    resolutionTimeStamp: Date.now(),
  }),
  "lower-case": (audit) => ({ ...audit, status: String(audit.status).toLowerCase() }),
  "unknown-status": (audit) => ({ ...audit, status: "UNDER_REVIEW" }),
  "no-status": ({ status: _, ...audit }) => audit,
} satisfies Record<string, (audit: Fields) => unknown>;

/** Variants of an access token. */
const tokens = {
  "expiry-as-text": (token) => ({ ...token, expires_in: String(token.expires_in) }),
  "token-alone": ({ access_token }) => ({ access_token }),
  "no-token": (token) => ({ ...token, access_token: null }),
} satisfies Record<string, (token: Fields) => unknown>;

/** Variants of Kard's error objects. */
const errors = {
  numbers: (error) => ({ ...error, status: Number(error.status), title: undefined }),
  nulls: (error) => ({ source: null, id: null, title: null, ...error }),
} satisfies Record<string, (error: Fields) => unknown>;

const nameOf = <Shapes extends object>(shapes: Shapes) =>
  z.enum(Object.keys(shapes) as [keyof Shapes & string]).exactOptional();

/** The variant for each kind of response. */
export const responseVariants = z.strictObject({
  create: nameOf(creates),
  status: nameOf(statuses),
  token: nameOf(tokens),
  error: nameOf(errors),
});
export type ResponseVariants = z.infer<typeof responseVariants>;

/** Applies the variant that is set for the response's kind, if any. */
export function applyResponseVariant(set: ResponseVariants, route: string, response: SandboxResponse): SandboxResponse {
  const { status, json } = response;
  if (status >= 400) {
    const { error } = set;
    const given = Object(json).errors;
    const isReshaped = error !== undefined && Array.isArray(given) && given.every((one) => typeof one === "object");
    return isReshaped ? { ...response, json: { errors: given.map((one) => errors[error](one)) } } : response;
  }
  if (route === "create" && set.create !== undefined)
    return { ...response, json: creates[set.create](json as Created) };
  if (route === "status" && set.status !== undefined)
    return { ...response, json: statuses[set.status](json as Fields) };
  if (route === "token" && set.token !== undefined) return { ...response, json: tokens[set.token](json as Fields) };
  return response;
}
