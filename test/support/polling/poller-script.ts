import fc from "fast-check";
import { type Band, bandKey, type PollPlan } from "../../../functions/core/tracking/poll-plan.ts";
import type { BandCursor } from "../../../functions/core/tracking/ports.ts";
import type { PollerWorld } from "./poller-world.ts";

const second = 1_000;
const minute = 60 * second;

/** What happens before or during a tick. */
export type Mishap =
  | { kind: "none" }
  | { kind: "killed" | "throttled" | "outage"; atCall: number }
  | { kind: "killed-at-save"; atSave: number }
  | { kind: "other-plan" };

export interface Step {
  waits: number;
  lasts: number;
  mishap: Mishap;
}

export const plans: readonly [PollPlan, PollPlan] = [
  {
    bands: [
      { from: 5 * minute, to: 25 * minute, gap: 5 * minute, resolution: minute },
      { from: 40 * minute, to: 100 * minute, gap: 20 * minute, resolution: 5 * minute },
      { from: 120 * minute, to: null, gap: 60 * minute, resolution: 30 * minute },
    ],
    overdueAfter: 1e12,
  },
  {
    bands: [
      { from: 3 * minute, to: 30 * minute, gap: 3 * minute, resolution: minute },
      { from: 40 * minute, to: 100 * minute, gap: 20 * minute, resolution: 5 * minute },
      { from: 110 * minute, to: null, gap: 30 * minute, resolution: 10 * minute },
    ],
    overdueAfter: 1e12,
  },
];

const jitter = fc.integer({ min: -10 * second, max: 10 * second });
export const aTick = fc.oneof(
  { weight: 8, arbitrary: jitter.map((ms) => minute + ms) },
  { weight: 1, arbitrary: fc.integer({ min: 5, max: 300 }).map((minutes) => minutes * minute) },
);
export const mishaps: fc.Arbitrary<Mishap>[] = [
  fc.record({
    kind: fc.constantFrom("killed" as const, "throttled" as const, "outage" as const),
    atCall: fc.integer({ min: 1, max: 30 }),
  }),
  fc.record({ kind: fc.constant("killed-at-save" as const), atSave: fc.integer({ min: 1, max: 10 }) }),
  fc.constant({ kind: "other-plan" }),
];

export function steps(mishap: fc.Arbitrary<Mishap>): fc.Arbitrary<Step[]> {
  // How long a tick may last, in seconds. At 2 calls per second, few of them are enough for all due audits.
  const step = fc.record({ waits: aTick, lasts: fc.integer({ min: 1, max: 40 }), mishap });
  return fc.array(step, { minLength: 3, maxLength: 25 });
}

/** Ages at the start; a negative one is accepted during the run. */
export const ages = fc.array(fc.integer({ min: -60 * minute, max: 300 * minute }), { minLength: 1, maxLength: 30 });

export interface Pass {
  shard: number;
  band: Band;
  since: number | undefined;
  until: number;
  finishedAt: number;
}

/** Passes over a band between two saves of its cursor: the current one and the next. */
function passesBetween(before: BandCursor = {}, after: BandCursor = {}): Pick<Pass, "since" | "until">[] {
  const finished: Pick<Pass, "since" | "until">[] = [];
  let { since } = before;
  for (const until of [before.until, after.since]) {
    if (until === undefined || until <= (since ?? 0) || until > (after.since ?? 0)) continue;
    finished.push({ since, until });
    since = until;
  }
  return finished;
}

/**
 * Runs the steps and some clean ticks. Returns the finished passes, the failed polls, the number of faults, and the
 * start of the last tick.
 */
export async function play(world: PollerWorld, given: readonly number[], script: readonly Step[]) {
  const { time, stores, deps } = world;
  const start = time.clock();
  const passes: Pass[] = [];
  const failed = new Set<string>();
  let interruptions = 0;
  let saves = 0;
  let killAtSave = Number.POSITIVE_INFINITY;
  const { cursors } = stores;
  deps.cursors = {
    ...cursors,
    async save(of, generation, next) {
      if (++saves === killAtSave) {
        time.kill();
        return new Promise(() => undefined);
      }
      const before = await cursors.read(of);
      const saved = await cursors.save(of, generation, next);
      for (const band of saved === "done" ? deps.pollPlan.bands : []) {
        const key = bandKey(deps.pollPlan, band);
        for (const pass of passesBetween(before[key], next[key])) {
          passes.push({ shard: of.shard, band, ...pass, finishedAt: time.clock() });
        }
      }
      return saved;
    },
  };

  const waiting = given
    .map((age, number) => ({ name: `audit-${number}`, at: start - age }))
    .sort((a, b) => a.at - b.at);
  const audits: { name: string; at: number }[] = [];
  const acceptDue = async () => {
    for (let next = waiting[0]; next !== undefined && next.at <= time.clock(); next = waiting[0]) {
      await world.accept(next.name, time.clock() - next.at);
      audits.push(next);
      waiting.shift();
    }
  };

  for (const { waits, lasts, mishap } of script) {
    world.wait(waits);
    await acceptDue();
    const asked = world.calls.length;
    killAtSave = Number.POSITIVE_INFINITY;
    world.answering = () => undefined;
    if (mishap.kind !== "none") interruptions++;
    if (mishap.kind === "other-plan") deps.pollPlan = deps.pollPlan === plans[0] ? plans[1] : plans[0];
    else if (mishap.kind === "killed-at-save") killAtSave = saves + mishap.atSave;
    else if (mishap.kind !== "none") {
      world.answering = ({ number, kardAuditId }) => {
        if (number < asked + mishap.atCall) return undefined;
        if (mishap.kind === "outage") {
          failed.add(kardAuditId);
          return { outcome: "failed", reason: "timeout" };
        }
        if (mishap.kind === "throttled") return { outcome: "throttled", retryAfterMs: 90 * second };
        time.kill();
        return undefined;
      };
    }
    const tick = await world.tick(lasts);
    if (tick === undefined) {
      // The next tick is another process's. The dead one's lease excludes it until it ends.
      deps.holder = `${deps.holder}+`;
      world.inFlight = 0;
    } else if (tick.errors.length > 0) throw tick.errors[0];
  }
  world.answering = () => undefined;
  killAtSave = Number.POSITIVE_INFINITY;
  time.set(Math.max(time.clock(), ...waiting.map(({ at }) => at)) + 10 * minute);
  await acceptDue();
  let lastTickAt = time.clock();
  const cleanTick = async () => {
    lastTickAt = time.clock();
    await world.cleanTick();
  };
  // Long enough for 30 audits in four passes at two calls per second.
  for (let ticks = 0; ticks < 8; ticks++) {
    await cleanTick();
    world.wait(minute);
  }
  // An audit whose polls have failed for long is retried after as long a time.
  for (;;) {
    const stored = await Promise.all(audits.map(({ name }) => world.auditOf(name)));
    const inTrouble = stored.flatMap(({ lane, laneAt }) => (lane === "RECHECK" && laneAt !== undefined ? laneAt : []));
    if (inTrouble.length === 0) break;
    time.set(Math.max(time.clock(), ...inTrouble) + minute);
    await cleanTick();
  }
  return { audits, passes, failed, interruptions, lastTickAt };
}
