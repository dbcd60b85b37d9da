import * as z from "zod";
import type { KardPromise } from "./resolution-meanings.ts";

/** A transaction for which a user has earned a reward, as far as Kard shows it. */
export const earnedReward = z.object({
  transactionId: z.string(),
  amountInCents: z.number().optional(),
  /** The user's commission with its unit, such as `220 CENTS`. */
  commission: z.string().optional(),
});
export type EarnedReward = z.infer<typeof earnedReward>;

/** Kard lists settled transactions, and approved ones that are not settled yet. */
export type RewardStatus = "SETTLED" | "APPROVED";

/**
 * Whether Kard has done what a resolution promised. `pending`: not compared yet. `unknown`: Kard's rewards could not be
 * compared.
 */
export const fulfilment = z.enum(["pending", "fulfilled", "unfulfilled", "unknown"]);
export type Fulfilment = z.infer<typeof fulfilment>;

/**
 * The statuses of the rewards that prove a kept promise. A transaction that was sent again may still be approved; an
 * adjusted one is settled.
 */
export const rewardsOf: Readonly<Record<KardPromise, readonly RewardStatus[]>> = {
  adjustment: ["SETTLED"],
  resend: ["SETTLED", "APPROVED"],
};

/**
 * Whether a transaction's reward shows that Kard kept its promise. A transaction that was sent again has a reward. An
 * adjusted one has a new reward, or another amount or commission than soon after the resolution.
 *
 * @param before the reward soon after the resolution, if there was one
 * @returns `undefined` if the amount or commission is missing in one of the two, and the other has not changed
 */
export function isKept(
  promise: KardPromise,
  before: EarnedReward | undefined,
  reward: EarnedReward | undefined,
): boolean | undefined {
  if (reward === undefined) return false;
  if (promise === "resend" || before === undefined) return true;
  const isChanged = (["amountInCents", "commission"] as const).map((field) =>
    (before[field] === undefined) !== (reward[field] === undefined) ? undefined : reward[field] !== before[field],
  );
  return isChanged.includes(true) || (isChanged.includes(undefined) ? undefined : false);
}
