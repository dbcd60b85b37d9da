import * as z from "zod";
import { responseVariants } from "../http/response-variants.ts";

/** Names of Kard's calls in the sandbox, used for counts and faults. */
const routeName = z.enum([
  "ping",
  "token",
  "create",
  "legacy-create",
  "status",
  "rewards",
  "subscriptions",
  "notifications",
  "replay",
]);
export type RouteName = z.infer<typeof routeName>;

const fault = z.enum(["status429", "status5xx", "dropConnection", "dropAfterEffect", "unauthorized", "outage"]);
export type Fault = z.infer<typeof fault>;

const probability = z.number().min(0).max(1);
const ms = z.number().min(0);

/**
 * The sandbox's faults and delays. Probabilities are per request. `failNext` applies first, for a number of requests.
 */
export const settingsSchema = z.strictObject({
  latencyMs: ms.default(0),
  status429: probability.default(0),
  /** Sent with every 429 as `Retry-After`. */
  retryAfterSeconds: z.int().min(0).nullable().default(null),
  status5xx: probability.default(0),
  /** Closes the connection before the request takes effect. */
  dropConnection: probability.default(0),
  /** Creates the audit, then closes the connection without a response. */
  dropAfterEffect: probability.default(0),
  /** Answers every request with 503. */
  outage: z.boolean().default(false),
  unauthorized: z.boolean().default(false),
  /** A 409 response does not name the existing audit. */
  omitConflictId: z.boolean().default(false),
  /** Sends bare-string legacy errors as plain text instead of a JSON string. */
  plainTextErrors: z.boolean().default(false),
  /** Sends responses in shapes that differ from Kard's reference. */
  responseVariants: responseVariants.default({}),
  /** The audit codes that are accepted; null for any integer. */
  auditCodes: z.array(z.int()).nullable().default([3005, 3006, 8001]),
  /** Which of Kard's two documented token requests are accepted: the guide's Basic and form, or the SDKs' JSON. */
  tokenRequests: z.array(z.enum(["form", "json"])).default(["form", "json"]),
  /** Whether tokens have the scope `transaction:read`. */
  readsTransactions: z.boolean().default(true),
  tokenLifeSeconds: z.int().positive().default(3600),
  /** Moves audits on automatically, this many milliseconds after their creation. */
  autoProgress: z.strictObject({ startAfterMs: ms, closeAfterMs: ms }).nullable().default(null),
  failNext: z
    .array(z.strictObject({ route: routeName, kind: fault, times: z.int().positive().default(1) }))
    .default([]),
});
export type SandboxSettings = z.infer<typeof settingsSchema>;
export type SandboxSettingsInput = z.input<typeof settingsSchema>;

/** Chooses the fault of a request; undefined for none. Counts down `failNext`. */
export function nextFault(current: SandboxSettings, route: RouteName, random: () => number): Fault | undefined {
  const planned = current.failNext.find((failure) => failure.route === route);
  if (planned !== undefined) {
    planned.times -= 1;
    current.failNext = current.failNext.filter((failure) => failure.times > 0);
    return planned.kind;
  }
  if (current.outage) return "outage";
  if (current.unauthorized) return "unauthorized";
  if (random() < current.dropConnection) return "dropConnection";
  if (random() < current.status429) return "status429";
  if (random() < current.status5xx) return "status5xx";
  const creates = route === "create" || route === "legacy-create";
  return creates && random() < current.dropAfterEffect ? "dropAfterEffect" : undefined;
}
