import type { Clock } from "../../core/shared/ports.ts";
import { changeSubscription } from "../../core/subscriptions/change-subscription.ts";
import { newWebhookKey } from "../../core/subscriptions/kard-compatible.ts";
import type { SubscriptionStore } from "../../core/subscriptions/ports.ts";
import type { Subscription, SubscriptionKey } from "../../core/subscriptions/subscription.ts";
import { newWebhookSecret, signingOf } from "../../core/subscriptions/webhook-secret.ts";
import type { RotateSecretInput } from "./subscription-input.ts";

export interface RotateSecretDeps {
  subscriptions: Pick<SubscriptionStore, "get" | "update">;
  clock: Clock;
  randomBytes: (count: number) => Uint8Array;
}

/** The maximum number of active secrets: more would make the signature header too long. The oldest is dropped. */
const maxSecrets = 5;

export type RotateOutcome =
  | { outcome: "rotated"; subscription: Subscription }
  | { outcome: "unfit"; field: "secret" | "signing" | "webhookKey" }
  | { outcome: "missing" };

/** Gives a subscription a new secret of the same kind. The earlier ones keep signing for a while. */
export function rotateSecret(deps: RotateSecretDeps) {
  return async (key: SubscriptionKey, input: RotateSecretInput): Promise<RotateOutcome> => {
    let field: ReturnType<typeof unfitField>;
    const changed = await changeSubscription(deps.subscriptions)(key, (stored) => {
      field = unfitField(stored, input);
      if (field !== undefined) return undefined;
      const secret = newSecretFor(deps, stored, input);
      return { ...stored, secrets: [{ secret }, ...former(stored, deps.clock(), input.overlapSeconds)] };
    });
    if (changed === undefined) return { outcome: "missing" };
    return field === undefined
      ? { outcome: "rotated", subscription: changed.subscription }
      : { outcome: "unfit", field };
  };
}

/** A secret of the wrong kind for the subscription's signature. */
function unfitField({ format }: Subscription, { secret, signing, webhookKey }: RotateSecretInput) {
  if (format === undefined) return webhookKey === undefined ? undefined : "webhookKey";
  if (secret !== undefined) return "secret";
  return signing === undefined ? undefined : "signing";
}

function newSecretFor({ randomBytes }: RotateSecretDeps, stored: Subscription, input: RotateSecretInput): string {
  if (stored.format === "kard") return input.webhookKey ?? newWebhookKey(randomBytes);
  const by = input.signing ?? (input.secret === undefined ? signingOf(stored.secrets[0]?.secret ?? "") : undefined);
  return input.secret ?? newWebhookSecret(randomBytes, by);
}

/**
 * The secrets that go on signing. In Kard's format only the oldest one signs. The others are dropped, because after the
 * overlap the new one must sign, which the receiver got last.
 */
function former({ format, secrets }: Subscription, now: number, overlapSeconds: number): Subscription["secrets"] {
  if (overlapSeconds === 0) return [];
  const end = now + overlapSeconds * 1_000;
  const active = secrets
    .map(({ signsUntil = end, ...rest }) => ({ ...rest, signsUntil: Math.min(signsUntil, end) }))
    .filter(({ signsUntil }) => signsUntil > now);
  return format === "kard" ? active.slice(-1) : active.slice(0, maxSecrets - 1);
}
