import type { VirtualTime } from "../../support/virtual-time.ts";

/** The external systems that functions call, and `triggers`, which call the functions. */
export type Service = "table" | "queues" | "bus" | "topics" | "kard" | "endpoints" | "triggers";

/**
 * The faults of a call:
 *
 * - `before`: it fails without an effect; a trigger is lost
 * - `after`: it takes effect, but its response is lost
 * - `crash-before`, `crash-after`: the worker crashes before or after the effect
 * - `throttle`: it is throttled, or a part of its batch is
 * - `outage`: the whole service fails for an hour
 * - `poison`: the worker crashes, and so does every later one at a call for the same record
 * - `refused`: the message is refused permanently, whenever it is sent to that queue
 * - `twice`: it happens twice, like a repeated SDK call, message or trigger
 * - `stale`: it returns slightly outdated data
 */
export const faultKinds = [
  "before",
  "after",
  "crash-before",
  "crash-after",
  "poison",
  "throttle",
  "outage",
  "refused",
  "twice",
  "stale",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  /** The number of the call in the run, from 1. */
  call: number;
  kind: FaultKind;
}

/** A call of a run: its system, its name, and its possible faults. */
export interface Call {
  service: Service;
  name: string;
  kinds: readonly FaultKind[];
  /** The record of the call. */
  about?: string;
}

/** An execution environment. A crash ends it and all its work. */
export interface Worker {
  isDead: boolean;
  /** Its calls without a response. */
  underWay: number;
  died: Promise<"crashed">;
  die: () => void;
}

export function newWorker(): Worker {
  const { promise, resolve } = Promise.withResolvers<"crashed">();
  const worker: Worker = {
    isDead: false,
    underWay: 0,
    died: promise,
    die() {
      worker.isDead = true;
      resolve("crashed");
    },
  };
  return worker;
}

/** The effect of a call, and its result under faults. Each may throw. */
export interface Ways<Response> {
  effect: () => Response | Promise<Response>;
  broken: (why: "before" | "after" | "outage") => Response | Promise<Response>;
  throttled: () => Response | Promise<Response>;
  late?: () => Response | Promise<Response>;
  refused?: () => Response | Promise<Response>;
}

export type Outside = ReturnType<typeof createOutside>;

const outageMs = 60 * 60_000;
/** More calls than any run makes. Reaching this means an endless loop. */
const mostCalls = 100_000;
const never = () => new Promise<never>(() => undefined);

/** All calls of functions to external systems. It counts calls and injects faults. */
export function createOutside({ clock, sleep }: VirtualTime, faults: readonly Fault[] = []) {
  const planned = new Map(faults.map(({ call, kind }) => [call, kind]));
  const outages = new Map<Service, number>();
  const poisonous = new Set<string | undefined>();
  const outside = {
    sleep,
    calls: [] as Call[],
    isEndless: () => outside.calls.length > mostCalls,
    struck: [] as string[],
    /** Whether webhooks may be poison. Poison webhooks never arrive. */
    mayPoison: false,
    /** The records that crash every worker. */
    poisonous: poisonous as ReadonlySet<string | undefined>,
    /** The duration of a call, in milliseconds. */
    latency: undefined as (() => number) | undefined,
    /** Runs before each call, to control the order of calls. */
    turn: undefined as ((call: Call) => Promise<unknown>) | undefined,
    /** Faults that are not planned by number. */
    surprise: undefined as ((call: Call) => FaultKind | undefined) | undefined,

    async pass<Response>(worker: Worker, call: Call, ways: Ways<Response>): Promise<Response> {
      if (worker.isDead) return never();
      worker.underWay++;
      try {
        return await outside.make(worker, call, ways);
      } finally {
        worker.underWay--;
      }
    },

    async make<Response>(worker: Worker, call: Call, ways: Ways<Response>): Promise<Response> {
      const number = outside.calls.push(call);
      if (number > mostCalls) {
        worker.die();
        return never();
      }
      if (outside.latency !== undefined) await sleep(outside.latency());
      await outside.turn?.(call);
      if (worker.isDead) return never();
      if ((outages.get(call.service) ?? 0) > clock()) {
        outside.struck.push(`outage at ${call.name}`);
        return ways.broken("outage");
      }
      if (call.about !== undefined && poisonous.has(call.about)) {
        outside.struck.push(`poison at ${call.name}`);
        worker.die();
        return never();
      }
      const kind = planned.get(number) ?? outside.surprise?.(call);
      if (kind === undefined || !call.kinds.includes(kind)) return ways.effect();
      outside.struck.push(`${kind} at ${call.name}`);
      switch (kind) {
        case "before":
          return ways.broken("before");
        case "after":
          await attempt(ways);
          return ways.broken("after");
        case "crash-before":
          worker.die();
          return never();
        case "crash-after":
          await attempt(ways);
          worker.die();
          return never();
        case "poison":
          poisonous.add(call.about);
          worker.die();
          return never();
        case "throttle":
          return ways.throttled();
        case "outage":
          outages.set(call.service, clock() + outageMs);
          return ways.broken("outage");
        case "twice":
          await attempt(ways);
          return ways.effect();
        case "refused":
          return (ways.refused ?? ways.effect)();
        case "stale":
          return (ways.late ?? ways.effect)();
      }
    },
  };
  return outside;
}

async function attempt({ effect }: Ways<unknown>): Promise<void> {
  try {
    await effect();
  } catch {
    // There is no caller.
  }
}
