import type { Clock } from "../core/shared/ports.ts";
import { changeSubscription } from "../core/subscriptions/change-subscription.ts";
import type { SubscriptionStore } from "../core/subscriptions/ports.ts";
import type { Subscription, SubscriptionKey } from "../core/subscriptions/subscription.ts";
import { newWebhookSecret, signingOf } from "../core/subscriptions/webhook-secret.ts";
import type { RotateSecretInput } from "./subscription-input.ts";

export interface RotateSecretDeps {
  subscriptions: Pick<SubscriptionStore, "get" | "update">;
  clock: Clock;
  randomBytes: (count: number) => Uint8Array;
}

/** The most active secrets: more would make the signature header too long. The oldest is dropped. */
const maxSecrets = 5;

/** Gives a subscription a new secret of the same kind. The earlier ones keep signing for a while. */
export function rotateSecret(deps: RotateSecretDeps) {
  return async (key: SubscriptionKey, input: RotateSecretInput): Promise<Subscription | undefined> => {
    const changed = await changeSubscription(deps.subscriptions)(key, (stored) => {
      const by = input.signing ?? (input.secret === undefined ? signingOf(stored.secrets[0]?.secret ?? "") : undefined);
      const secret = input.secret ?? newWebhookSecret(deps.randomBytes, by);
      return { ...stored, secrets: [{ secret }, ...former(stored, deps.clock(), input.overlapSeconds)] };
    });
    return changed?.subscription;
  };
}

function former({ secrets }: Subscription, now: number, overlapSeconds: number): Subscription["secrets"] {
  if (overlapSeconds === 0) return [];
  const end = now + overlapSeconds * 1_000;
  return secrets
    .map(({ signsUntil = end, ...rest }) => ({ ...rest, signsUntil: Math.min(signsUntil, end) }))
    .filter(({ signsUntil }) => signsUntil > now)
    .slice(0, maxSecrets - 1);
}
