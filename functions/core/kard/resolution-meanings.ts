// Without zod, because the console's bundle contains it, too.
import type { NextActor, Outcome } from "./resolution-codes.ts";

/** What Kard will do after the resolution: correct amounts of the transaction, or send it to the issuer again. */
export type KardPromise = "adjustment" | "resend";

interface Meaning {
  /** Plain words for a support agent. */
  meaning: string;
  outcome: Outcome;
  nextActor: NextActor;
  promise?: KardPromise;
}

/** Kard's resolution codes (Kard's reference, "Get Audit Status"). Kard may add codes. */
export const resolutionCodes: Readonly<Record<number, Meaning>> = {
  5001: { meaning: "Kard deletes the transaction, so it earns nothing.", outcome: "declined", nextActor: "nobody" },
  5002: {
    meaning: "Kard adjusts the settlement amount.",
    outcome: "pending_adjustment",
    nextActor: "kard",
    promise: "adjustment",
  },
  5003: {
    meaning: "Kard adjusts the return amount.",
    outcome: "pending_adjustment",
    nextActor: "kard",
    promise: "adjustment",
  },
  5004: { meaning: "Kard has settled the dispute about the reward.", outcome: "favourable", nextActor: "nobody" },
  5005: {
    meaning: "Kard writes the transaction off. Ask Kard what that means for the customer.",
    outcome: "unknown",
    nextActor: "issuer",
  },
  5006: { meaning: "Kard rejects the transaction, so it earns nothing.", outcome: "declined", nextActor: "nobody" },
  5007: {
    meaning: "Kard sends the transaction again by webhook.",
    outcome: "pending_adjustment",
    nextActor: "kard",
    promise: "resend",
  },
  5008: {
    meaning: "Kard sends the transaction again in the daily file.",
    outcome: "pending_adjustment",
    nextActor: "kard",
    promise: "resend",
  },
  5009: { meaning: "The transaction is right as it is.", outcome: "no_change", nextActor: "nobody" },
  9001: { meaning: "The purchase has an item that earns nothing.", outcome: "declined", nextActor: "nobody" },
  9002: { meaning: "The purchase was returned.", outcome: "declined", nextActor: "nobody" },
  9003: { meaning: "The user was not eligible for the offer.", outcome: "declined", nextActor: "nobody" },
  9004: { meaning: "The user has used the offer as often as it allows.", outcome: "declined", nextActor: "nobody" },
  9005: {
    meaning: "Kard has not got the transaction. Check that you have sent it.",
    outcome: "declined",
    nextActor: "issuer",
  },
};

const unknownCode: Meaning = {
  meaning: "The tracker does not know this code. Read Kard's description, or ask Kard.",
  outcome: "unknown",
  nextActor: "issuer",
};

/** What a resolution code means; `unknown` for a code that is missing or that Kard has added. */
export function meaningOf(code: number | null | undefined): Meaning {
  return (code != null && Object.hasOwn(resolutionCodes, code) ? resolutionCodes[code] : undefined) ?? unknownCode;
}
