import type { ChooseFault, InjectedFault } from "../../../infra/local/runner/aws-proxy/injected-fault.ts";
import type { AwsRequest, AwsService } from "../../../infra/local/runner/protocol/aws-request.ts";

/** A fault to inject into functions' calls that match all given filters. */
export interface Fault extends InjectedFault {
  /** Physical name or logical id (with or without the CDK's hash) of the calling function. */
  readonly function?: string;
  readonly service?: AwsService;
  readonly action?: string;
  readonly matches?: (input: AwsRequest["input"]) => boolean;
  /** Number of the first matching call to fail, counted from 1. Default: 1. */
  readonly nth?: number;
  /** How many matching calls fail from there. Default: 1. */
  readonly times?: number;
}

/** The faults that a test injects into the functions' AWS calls. */
export interface Faults {
  /** Adds a fault. The returned function removes it and returns how many calls it has hit. */
  add(fault: Fault): () => number;
  clear(): void;
  /** Chooses the fault for a call. Counts the call for every fault that it matches. */
  readonly strike: ChooseFault;
}

export function createFaults(): Faults {
  const active = new Map<Fault, { seen: number; hits: number }>();
  return {
    add(fault) {
      const state = { seen: 0, hits: 0 };
      active.set(fault, state);
      return () => {
        active.delete(fault);
        return state.hits;
      };
    },
    clear: () => active.clear(),
    strike({ isFunction, request }) {
      let hit: Fault | undefined;
      for (const [fault, state] of active) {
        if (fault.function !== undefined && !isFunction(fault.function)) continue;
        if (fault.service !== undefined && fault.service !== request.service) continue;
        if (fault.action !== undefined && fault.action !== request.action) continue;
        if (fault.matches?.(request.input) === false) continue;
        state.seen += 1;
        const first = fault.nth ?? 1;
        if (hit !== undefined || state.seen < first || state.seen >= first + (fault.times ?? 1)) continue;
        state.hits += 1;
        hit = fault;
      }
      return hit;
    },
  };
}
