import * as z from "zod";

/** What a resolution means for the customer who has claimed cashback. */
export const outcome = z.enum(["favourable", "declined", "no_change", "pending_adjustment", "unknown"]);
export type Outcome = z.infer<typeof outcome>;

/** Who has to act after a resolution. */
export const nextActor = z.enum(["kard", "issuer", "nobody"]);
export type NextActor = z.infer<typeof nextActor>;
