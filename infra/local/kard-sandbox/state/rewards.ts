import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";

/** A transaction with a reward. Amounts are in cents. */
export const reward = z.strictObject({
  transactionId: z.string().min(1),
  status: z.enum(["APPROVED", "SETTLED"]).default("SETTLED"),
  amountInCents: z.int(),
  commissionInCents: z.int().default(0),
});
export type SandboxRewardInput = z.input<typeof reward>;

const rewardRow = reward.extend({ organizationId: z.string(), userId: z.string(), createdAt: z.number() });
export type SandboxReward = z.infer<typeof rewardRow>;

export interface RewardedUser {
  organizationId: string;
  userId: string;
}

export type SandboxRewards = ReturnType<typeof createRewards>;

/** Stores the rewards of users: one per transaction. */
export function createRewards(database: DatabaseSync, now: () => number) {
  const upsert = database.prepare(`
    INSERT INTO rewards (organizationId, userId, transactionId, status, amountInCents, commissionInCents, createdAt)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (organizationId, userId, transactionId) DO UPDATE
    SET status = excluded.status, amountInCents = excluded.amountInCents, commissionInCents = excluded.commissionInCents`);
  const select = database.prepare(`
    SELECT * FROM rewards WHERE organizationId = ? AND userId = ? AND status = ?
    ORDER BY createdAt DESC, transactionId DESC LIMIT ? OFFSET ?`);
  return {
    /** Adds a reward, or changes that of its transaction. */
    set({ organizationId, userId }: RewardedUser, given: SandboxRewardInput): void {
      const { transactionId, status, amountInCents, commissionInCents } = reward.parse(given);
      upsert.run(organizationId, userId, transactionId, status, amountInCents, commissionInCents, now());
    },
    /** A user's rewards of a status, newest first. */
    list: ({ organizationId, userId }: RewardedUser, status: SandboxReward["status"], size: number, offset: number) =>
      select.all(organizationId, userId, status, size, offset).map((row) => rewardRow.parse(row)),
  };
}
