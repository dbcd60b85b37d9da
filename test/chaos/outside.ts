import type { VirtualTime } from "../support/virtual-time.ts";

/** What a function calls outside itself, and, as `triggers`, what calls it. */
export type Service = "table" | "queues" | "kard" | "endpoints" | "triggers";

/**
 * What can go wrong at a call:
 *
 * - `before`: it fails and has no effect; a trigger never comes
 * - `after`: it takes effect, but its answer is lost
 * - `crash-before`, `crash-after`: the worker dies before or after the effect
 * - `throttle`: it is refused as too fast, or a part of its batch is
 * - `outage`: from then on the whole service fails for an hour
 * - `poison`: the worker dies, and so does every later one that comes to a call about the same record
 * - `refused`: the message is refused for good, then and whenever it is sent to that queue again
 * - `twice`: it happens twice, as when the SDK repeats it, or when a message or a trigger comes again
 * - `stale`: it is answered as things stood a little earlier
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
  /** Which call of the run, from 1 on. */
  call: number;
  kind: FaultKind;
}

/** One call of a run: whom it is for, what it is, and what can go wrong at it. */
export interface Call {
  service: Service;
  name: string;
  kinds: readonly FaultKind[];
  /** The record that it is about. */
  about?: string;
}

/** An execution environment: a crash ends it, and nothing of it goes on. */
export interface Worker {
  isDead: boolean;
  /** Its calls that have not been answered. */
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

/** A call's effect, and what its caller is answered when something goes wrong. Each may throw instead. */
export interface Ways<Answer> {
  effect: () => Answer | Promise<Answer>;
  broken: (why: "before" | "after" | "outage") => Answer | Promise<Answer>;
  throttled: () => Answer | Promise<Answer>;
  late?: () => Answer | Promise<Answer>;
  refused?: () => Answer | Promise<Answer>;
}

export type Outside = ReturnType<typeof createOutside>;

const outageMs = 60 * 60_000;
/** More calls than any run makes: by then something goes round in circles. */
const mostCalls = 100_000;
const never = () => new Promise<never>(() => undefined);

/** The one way of all functions to the world outside them: calls are counted there, and faults strike there. */
export function createOutside({ clock, sleep }: VirtualTime, faults: readonly Fault[] = []) {
  const planned = new Map(faults.map(({ call, kind }) => [call, kind]));
  const outages = new Map<Service, number>();
  const poisonous = new Set<string | undefined>();
  const outside = {
    sleep,
    calls: [] as Call[],
    isEndless: () => outside.calls.length > mostCalls,
    /** Each fault that has struck, and each call that an outage has met. */
    struck: [] as string[],
    /** Whether webhooks may be poison: what is, never arrives. */
    mayPoison: false,
    /** The records that end every worker. */
    poisonous: poisonous as ReadonlySet<string | undefined>,
    /** How long a call takes, in milliseconds. */
    latency: undefined as (() => number) | undefined,
    /** Comes before each call: where others decide in which order calls are made. */
    turn: undefined as ((call: Call) => Promise<unknown>) | undefined,
    /** Faults that are not planned by number. */
    surprise: undefined as ((call: Call) => FaultKind | undefined) | undefined,

    async pass<Answer>(worker: Worker, call: Call, ways: Ways<Answer>): Promise<Answer> {
      if (worker.isDead) return never();
      worker.underWay++;
      try {
        return await outside.make(worker, call, ways);
      } finally {
        worker.underWay--;
      }
    },

    async make<Answer>(worker: Worker, call: Call, ways: Ways<Answer>): Promise<Answer> {
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
    // Nobody hears of it.
  }
}
