import { z } from "zod";
import type { Answer } from "./answers.ts";

// Answers as Kard's reference does not have them, and as APIs have been seen to change: each says the same otherwise.

interface Created {
  data: { type: string; id: string; attributes: { transactionId: string } }[];
}
type Fields = Record<string, unknown>;

/** Of a create that was made. */
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

/** Of an audit's status. */
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

/** Of an access token. */
const tokens = {
  "expiry-as-text": (token) => ({ ...token, expires_in: String(token.expires_in) }),
  "token-alone": ({ access_token }) => ({ access_token }),
  "no-token": (token) => ({ ...token, access_token: null }),
} satisfies Record<string, (token: Fields) => unknown>;

/** Of an error that is one of Kard's error objects. */
const errors = {
  numbers: (error) => ({ ...error, status: Number(error.status), title: undefined }),
  nulls: (error) => ({ source: null, id: null, title: null, ...error }),
} satisfies Record<string, (error: Fields) => unknown>;

const nameOf = <Shapes extends object>(shapes: Shapes) =>
  z.enum(Object.keys(shapes) as [keyof Shapes & string]).exactOptional();

/** Which odd shape the answers of each kind are given. */
export const oddShapes = z.strictObject({
  create: nameOf(creates),
  status: nameOf(statuses),
  token: nameOf(tokens),
  error: nameOf(errors),
});
export type OddShapes = z.infer<typeof oddShapes>;

/** An answer in the odd shape that is set for its kind, if one is. */
export function inOddShape(set: OddShapes, route: string, answer: Answer): Answer {
  const { status, json } = answer;
  if (status >= 400) {
    const { error } = set;
    const given = Object(json).errors;
    const isReshaped = error !== undefined && Array.isArray(given) && given.every((one) => typeof one === "object");
    return isReshaped ? { ...answer, json: { errors: given.map((one) => errors[error](one)) } } : answer;
  }
  if (route === "create" && set.create !== undefined) return { ...answer, json: creates[set.create](json as Created) };
  if (route === "status" && set.status !== undefined) return { ...answer, json: statuses[set.status](json as Fields) };
  if (route === "token" && set.token !== undefined) return { ...answer, json: tokens[set.token](json as Fields) };
  return answer;
}
