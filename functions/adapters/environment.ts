import { z } from "zod";
import { identityProvider } from "../core/access/identity-provider.ts";
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

/**
 * What the DynamoDB adapters need to find their table, and how long it keeps what is done with: for good by default.
 */
export const tableEnvironment = z.object({
  TABLE_NAME: z.string().min(1),
  AUDIT_RETENTION_DAYS: days,
  NOTIFICATION_RETENTION_DAYS: days,
});

/** How many requests a second an issuer's callers make together, and how many pushes Kard makes about it. */
export const issuerLimitEnvironment = z.object({ ISSUER_REQUESTS_PER_SECOND: z.coerce.number().positive() });

/**
 * Who may call, and how often: requests a second of one caller, and as JSON whose identity tokens are trusted, if
 * any.
 */
export const callersEnvironment = issuerLimitEnvironment.extend({
  CALLER_REQUESTS_PER_SECOND: z.coerce.number().positive(),
  IDENTITY_PROVIDER: json.pipe(identityProvider).optional(),
});

/**
 * SHA-256 of the secrets that requests must carry which come through the owner's own front, with commas between them.
 */
export const originEnvironment = z.object({
  ORIGIN_SECRET_SHA256: z
    .string()
    .regex(/^[0-9a-f]{64}(,[0-9a-f]{64})*$/)
    .transform((hashes) => hashes.split(","))
    .optional(),
});

/** What the SQS adapters need to find their queues. */
export const queueEnvironment = z.object({ RESOLUTIONS_QUEUE_URL: z.url(), DELIVERIES_QUEUE_URL: z.url() });

/**
 * What the Kard client needs: hosts, the ARN of its credentials, and how many calls Kard may see in a second by one
 * credential: from one poller, or from all interactive functions together.
 */
export const kardEnvironment = z.object({
  KARD_API_URL: z.url(),
  KARD_TOKEN_URL: z.url(),
  KARD_SECRET_ARN: z.string().min(1),
  KARD_REQUESTS_PER_SECOND: z.coerce.number().positive(),
});

/** What else is needed by functions that share a rate of calls with all their environments. */
export const interactiveKardEnvironment = z.object({
  ...kardEnvironment.shape,
  KARD_ARRIVAL_SPREAD_MS: z.coerce.number().positive(),
});

/** The poll plan, as JSON. */
export const pollPlanEnvironment = z.object({ POLL_PLAN: json.pipe(pollPlan) });

/** Where webhooks may go, as JSON, and the ARN of the secret with the certificates for them, if there is one. */
export const webhookEnvironment = z.object({
  WEBHOOK_TARGETS: json.pipe(webhookTargets),
  WEBHOOK_TLS_SECRET_ARN: z.string().min(1).optional(),
});
