import type { Clock } from "../core/shared/ports.ts";
import type { IssuerTrouble, IssuerTroubles } from "../core/tracking/ports.ts";
import type { CircuitBreaker } from "./kard-circuit-breaker.ts";
import type { WorkResult } from "./tick-counts.ts";

export interface SettleTroubleOptions {
  organizationId: string;
  /** The trouble that the tick began with. */
  seen: IssuerTrouble | undefined;
  breaker: Pick<CircuitBreaker, "trouble" | "state">;
  /** Whether the issuer has nothing that Kard could be asked about. */
  isIdle: boolean;
}

/** Tells the next tick of an issuer's trouble with Kard, where it is news: it began, changed, is paused, or is over. */
export async function settleTrouble(
  deps: { troubles: IssuerTroubles; clock: Clock },
  { organizationId, seen, breaker, isIdle }: SettleTroubleOptions,
): Promise<WorkResult & { trouble: IssuerTrouble | undefined }> {
  const found = breaker.trouble();
  const now = deps.clock();
  const trouble = found && {
    ...{ organizationId, reason: found.reason, since: seen?.since ?? now, pausedUntil: now + found.retryAfterMs },
  };
  const isOver = trouble === undefined && (isIdle || breaker.state() === "closed");
  const left = trouble ?? (isOver ? undefined : seen);
  try {
    if (trouble !== undefined && (seen?.reason !== trouble.reason || trouble.pausedUntil > now)) {
      await deps.troubles.record(trouble);
    }
    if (isOver && seen !== undefined) await deps.troubles.clear(seen);
    return { trouble: left, counts: {}, errors: [] };
  } catch (error) {
    return { trouble: left, counts: {}, errors: [error] };
  }
}
