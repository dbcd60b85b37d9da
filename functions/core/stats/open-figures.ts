import * as z from "zod";
import { amounts } from "./day-figures.ts";

/** The figures of an issuer's open audits. Times are in epoch milliseconds. */
export const openFigures = z.object({
  /** When they were counted. */
  asOf: z.number(),
  /** How many audits are counted. */
  audits: z.number(),
  /** By days since their creation, then by status. */
  byAge: z.record(z.string(), z.record(z.string(), z.number())),
  amounts,
  /** When the oldest poll fell due that had not been made; absent if none was due. */
  oldestDueAt: z.number().optional(),
  /** Whether all open audits are counted. */
  isComplete: z.boolean(),
});

export type OpenFigures = z.infer<typeof openFigures>;

/** The stored figures of an issuer's open audits. */
export const openSnapshot = openFigures.extend({
  /** The number of times that the snapshot has been stored. */
  revision: z.number(),
  /** When figures were last asked for, to a day. */
  askedAt: z.number(),
  /** When the sweep counts again; absent if it does not. */
  laneAt: z.number().optional(),
});

export type OpenSnapshot = z.infer<typeof openSnapshot>;
