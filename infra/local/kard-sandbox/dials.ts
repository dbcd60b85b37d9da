import { z } from "zod";
import { oddShapes } from "./odd-shapes.ts";

/** The calls of Kard that the sandbox plays, as they are counted and made to fail. */
const routeName = z.enum([
  "ping",
  "token",
  "create",
  "legacy-create",
  "status",
  "subscriptions",
  "notifications",
  "replay",
]);
export type RouteName = z.infer<typeof routeName>;

const fault = z.enum(["status429", "status5xx", "dropConnection", "dropAfterEffect", "unauthorized", "outage"]);
export type Fault = z.infer<typeof fault>;

const probability = z.number().min(0).max(1);
const ms = z.number().min(0);

/** How the sandbox misbehaves. Probabilities are per request; `failNext` comes before them and counts itself down. */
export const dials = z.strictObject({
  latencyMs: ms.default(0),
  status429: probability.default(0),
  /** Sent with every 429 as `Retry-After`. */
  retryAfterSeconds: z.int().min(0).nullable().default(null),
  status5xx: probability.default(0),
  /** The connection is cut before the request has any effect. */
  dropConnection: probability.default(0),
  /** A create is made and its answer lost. */
  dropAfterEffect: probability.default(0),
  /** Everything is refused with a 503. */
  outage: z.boolean().default(false),
  unauthorized: z.boolean().default(false),
  /** A 409 does not name the audit that exists already. */
  omitConflictId: z.boolean().default(false),
  /** Legacy errors that are a bare string are sent as plain text instead of a JSON string. */
  plainTextErrors: z.boolean().default(false),
  /** Answers have shapes that Kard's reference does not have. */
  oddShapes: oddShapes.default({}),
  tokenLifeSeconds: z.int().positive().default(3600),
  /** Audits move on by themselves, so many milliseconds after they were made. */
  autoProgress: z.strictObject({ startAfterMs: ms, closeAfterMs: ms }).nullable().default(null),
  failNext: z
    .array(z.strictObject({ route: routeName, kind: fault, times: z.int().positive().default(1) }))
    .default([]),
});
export type Dials = z.infer<typeof dials>;
export type DialSettings = z.input<typeof dials>;

/** What goes wrong with the next request of this route, if anything; takes one off `failNext`. */
export function nextFault(current: Dials, route: RouteName, random: () => number): Fault | undefined {
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
