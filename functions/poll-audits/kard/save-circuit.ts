import type { Clock } from "../../core/shared/ports.ts";
import type { OpenCircuit, OpenCircuitStore } from "../../core/tracking/ports.ts";
import type { WorkResult } from "../tick-counts.ts";
import type { CircuitBreaker } from "./kard-circuit-breaker.ts";

export interface SaveCircuitOptions {
  organizationId: string;
  /** The open circuit at the start of the tick. */
  seen: OpenCircuit | undefined;
  breaker: Pick<CircuitBreaker, "failure" | "state">;
  /** Whether the issuer has nothing to call Kard about. */
  isIdle: boolean;
}

/** Stores the state of an issuer's circuit for the next tick if it opened, changed, is paused, or closed. */
export async function saveCircuit(
  deps: { openCircuits: OpenCircuitStore; clock: Clock },
  { organizationId, seen, breaker, isIdle }: SaveCircuitOptions,
): Promise<WorkResult & { openCircuit: OpenCircuit | undefined }> {
  const found = breaker.failure();
  const now = deps.clock();
  const openCircuit = found && {
    ...{ organizationId, reason: found.reason, since: seen?.since ?? now, pausedUntil: now + found.retryAfterMs },
  };
  const isOver = openCircuit === undefined && (isIdle || breaker.state() === "closed");
  const left = openCircuit ?? (isOver ? undefined : seen);
  try {
    if (openCircuit !== undefined && (seen?.reason !== openCircuit.reason || openCircuit.pausedUntil > now)) {
      await deps.openCircuits.record(openCircuit);
    }
    if (isOver && seen !== undefined) await deps.openCircuits.clear(seen);
    return { openCircuit: left, counts: {}, errors: [] };
  } catch (error) {
    return { openCircuit: left, counts: {}, errors: [error] };
  }
}
