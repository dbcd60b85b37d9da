import { randomBytes } from "node:crypto";
import { newWebhookKey, webhookKey } from "../../functions/core/subscriptions/kard-compatible.ts";
import type { Subscription } from "../../functions/core/subscriptions/subscription.ts";
import { newWebhookSecret, ownWebhookSecret } from "../../functions/core/subscriptions/webhook-secret.ts";
import { Failure } from "../failure.ts";

/** The environment variable with a secret that stays the same in each session. */
export const secretVariable = "KARD_AUDITS_WEBHOOK_SECRET";

/**
 * The secret that signs what is sent to the developer's machine: that of the environment, or a new one.
 *
 * @throws Failure (usage) if the environment's is no secret of this format
 */
export function sessionSecret(
  environment: Readonly<Record<string, string | undefined>>,
  format: Subscription["format"],
): string {
  const given = environment[secretVariable] || undefined;
  if (given === undefined) return format === "kard" ? newWebhookKey(randomBytes) : newWebhookSecret(randomBytes);
  const schema = format === "kard" ? webhookKey : ownWebhookSecret;
  const { error } = schema.safeParse(given);
  if (error !== undefined) throw new Failure("usage", `${secretVariable} ${error.issues[0]?.message}`);
  return given;
}
