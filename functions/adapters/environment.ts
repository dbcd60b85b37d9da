import * as z from "zod";
import { identityProvider } from "../core/access/identity-provider.ts";
import { eventName, webhookEventType } from "../core/events/events.ts";
import { allowedTargets } from "../core/subscriptions/aws-target.ts";
import { webhookTargets } from "../core/subscriptions/webhook-url.ts";
import { pollPlan } from "../core/tracking/poll-plan.ts";

const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: "custom", message: "is not JSON" });
    return z.NEVER;
  }
});

const days = z.coerce.number().int().positive().optional();

/** The table, and the retention of completed items; they are kept forever by default. */
export const tableEnvironment = z.object({
  TABLE_NAME: z.string().min(1),
  AUDIT_RETENTION_DAYS: days,
  NOTIFICATION_RETENTION_DAYS: days,
});

/**
 * The requests per second that the callers of an issuer may make together. The same limit holds for Kard's pushes about
 * it.
 */
export const issuerLimitEnvironment = z.object({ ISSUER_REQUESTS_PER_SECOND: z.coerce.number().positive() });

/** The requests per second of one caller, and the identity provider (JSON), if any. */
export const callersEnvironment = issuerLimitEnvironment.extend({
  CALLER_REQUESTS_PER_SECOND: z.coerce.number().positive(),
  IDENTITY_PROVIDER: json.pipe(identityProvider).optional(),
});

/** The SHA-256 hashes of accepted origin secrets, separated by commas. */
export const originEnvironment = z.object({
  ORIGIN_SECRET_SHA256: z
    .string()
    .regex(/^[0-9a-f]{64}(,[0-9a-f]{64})*$/)
    .transform((hashes) => hashes.split(","))
    .optional(),
});

/** The deliveries queue, and the targets of the owner: a queue with the events that it gets, a bus and a topic. */
export const publishEnvironment = z.object({
  DELIVERIES_QUEUE_URL: z.url(),
  RESOLUTIONS_QUEUE_URL: z.url(),
  RESOLUTIONS_EVENTS: z
    .string()
    .default("audit.closed")
    .transform((names) => names.split(","))
    .pipe(z.array(eventName)),
  EVENT_BUS_ARN: z.string().min(1).optional(),
  EVENT_TOPIC_ARN: z.string().min(1).optional(),
});

const contact = z.object({
  topicArn: z.string().min(1),
  events: z.array(webhookEventType).default(webhookEventType.options),
});

/** The contacts by issuer, as JSON: their topics and events. */
export const contactsEnvironment = z.object({
  CONTACTS: json
    .pipe(z.record(z.string(), contact))
    .default({})
    .transform((contacts) => new Map(Object.entries(contacts))),
});

/**
 * Kard's hosts, the ARN of its credentials, and the calls per second by one credential: from one poller, or from all
 * interactive functions together.
 */
export const kardEnvironment = z.object({
  KARD_API_URL: z.url(),
  KARD_TOKEN_URL: z.url(),
  /** How a token is requested: with a Basic header and a form, or with a JSON body. */
  KARD_TOKEN_REQUEST: z.enum(["form", "json"]),
  /** Whether creates also name their issuer in `X-Kard-Target-Issuer`. */
  KARD_TARGET_ISSUER_ON_CREATE: z.stringbool(),
  KARD_SECRET_ARN: z.string().min(1),
  KARD_REQUESTS_PER_SECOND: z.coerce.number().positive(),
});

/** Additional settings of functions that share a rate limit over all their environments. */
export const interactiveKardEnvironment = z.object({
  ...kardEnvironment.shape,
  KARD_ARRIVAL_SPREAD_MS: z.coerce.number().positive(),
});

/** How long after its resolution an audit is compared with Kard's rewards; absent if follow-ups are turned off. */
export const followUpEnvironment = z.object({ FOLLOW_UP_AFTER_MS: z.coerce.number().positive().optional() });

/** The poll plan, as JSON. */
export const pollPlanEnvironment = z.object({ POLL_PLAN: json.pipe(pollPlan) });

/**
 * The allowed webhook targets, as JSON, and the ARN of the secret with TLS certificates, if there is one. The allowed
 * queues and event buses of issuers, as JSON, if they may have some.
 */
export const webhookEnvironment = z.object({
  WEBHOOK_TARGETS: json.pipe(webhookTargets),
  WEBHOOK_TLS_SECRET_ARN: z.string().min(1).optional(),
  ISSUER_TARGETS: json.pipe(allowedTargets).optional(),
});
