import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { retryWaitsMs } from "../../functions/core/notifications/delivery-schedule.ts";
import { aRequest } from "../support/sample-audits.ts";
import { progressOf } from "./progress.ts";
import { settle } from "./settle.ts";
import type { Finding } from "./single-faults.ts";
import { judgeEnd } from "./verdict.ts";
import { createWorld, type World } from "./world.ts";

const minute = 60_000;

interface Race {
  /** Runs before the race, without faults. */
  before: (world: World) => Promise<void>;
  racers: ((world: World) => Promise<unknown>)[];
  /** Whether the first racer may be so slow that its lease ends. */
  overtaken?: number;
  expect?: (world: World) => void;
}

const files = (world: World, names: readonly string[]) =>
  world.submit({
    requests: names.map((name) => ({ ...aRequest, transactionId: `txn-${name}`, auditDescription: name })),
  });

async function closedAtKard(world: World, names: readonly string[]): Promise<void> {
  await files(world, names);
  for (const id of world.kard.audits.keys()) world.kard.close(id);
  await world.wait(6 * minute);
}

/** The recorded attempts of the only notification. */
function attemptsMade({ rows }: World): number {
  return Math.max(...[...rows.rows.values()].map(({ attemptCount }) => Number(attemptCount?.N ?? 0)));
}

/** Without faults and delays, each audit is submitted once. */
function onceAtKard({ kard, history }: World): void {
  const taken = kard.creates.filter((one) => one.taken).length;
  if (kard.creates.length !== taken)
    history.violated(`Kard was asked ${kard.creates.length} times for ${taken} audits`);
}

/** Pairs of functions that work on the same items at the same time. */
export const races: Record<string, Race> = {
  "two-pollers": {
    async before(world) {
      await world.subscribe("a");
      await closedAtKard(world, ["one", "two"]);
      world.outside.calls.length = 0;
    },
    racers: [(world) => world.poll(), (world) => world.poll()],
    expect({ outside, history }) {
      // The lease lets one of them call Kard. The other may only follow.
      const asked = outside.calls.filter(({ name }) => name === "status").length;
      if (asked > 2) history.violated(`two pollers asked ${asked} times for two audits`);
    },
  },
  "publisher-and-sweeper": {
    async before(world) {
      await world.subscribe("a");
      await world.subscribe("held", { enabled: false });
      await closedAtKard(world, ["one"]);
    },
    racers: [(world) => world.poll(), (world) => world.sweep(), (world) => world.sweep(), (world) => world.deliver()],
    overtaken: 61_000,
  },
  "submit-and-retry": {
    async before() {},
    racers: [(world) => files(world, ["one"]), (world) => world.poll()],
    overtaken: 61_000,
    expect(world) {
      if (world.outside.struck.length === 0) onceAtKard(world);
    },
  },
  "deliver-and-redeliver": {
    async before(world) {
      const endpoint = await world.subscribe("a");
      endpoint.answers = [500, 204, 500];
      await closedAtKard(world, ["one"]);
      await world.poll();
      world.outside.surprise = ({ name }) => (name === "deliver" ? "stale" : undefined);
    },
    racers: [(world) => world.deliver(), (world) => world.sweep()],
    overtaken: 16 * minute,
  },
  "last-attempt-and-replay": {
    async before(world) {
      const endpoint = await world.subscribe("a");
      endpoint.answers = Array.from({ length: 100 }, () => 500);
      await closedAtKard(world, ["one"]);
      await world.poll();
      await world.deliver();
      while (attemptsMade(world) < retryWaitsMs.length) {
        await world.wait(60 * minute);
        await world.sweep();
        await world.deliver();
      }
      endpoint.answers = [500];
      await world.wait(30 * 60 * minute);
      await world.sweep();
    },
    racers: [(world) => world.deliver(), (world) => world.replayAll()],
    expect(world) {
      const received = world.endpoints.all.get("https://a.example/")?.received ?? [];
      if (!received.some(({ statusCode }) => statusCode === 204))
        world.history.violated("what was replayed never came");
    },
  },
  "deliver-and-rotate": {
    async before(world) {
      const endpoint = await world.subscribe("a");
      endpoint.answers = [500];
      await closedAtKard(world, ["one"]);
      await world.poll();
    },
    racers: [
      (world) => world.deliver(),
      async (world) => {
        const rotated = await world.insist("subscriptions-api", (its) =>
          its.rotate({ organizationId: "org", subscriptionId: "a" }, { overlapSeconds: 86_400 }),
        );
        world.rotatedTo = rotated?.secrets[0]?.secret;
      },
    ],
    expect({ rows, rotatedTo, history }) {
      const stored = rows.rows.get(JSON.stringify(["ISSUER#org", "SUBSCRIPTION#a"]));
      if (stored?.secrets?.L?.[0]?.M?.secret?.S !== rotatedTo) history.violated("a secret that was handed out is lost");
    },
  },
  "refresh-and-retry": {
    async before(world) {
      world.kard.setDown(true);
      await files(world, ["one"]);
      world.kard.setDown(false);
      await world.wait(minute);
    },
    racers: [
      (world) => world.poll(),
      async (world) => {
        for (const { auditIds } of world.submitted) await world.refresh("org", auditIds[0] ?? "");
      },
      async (world) => {
        for (const { auditIds } of world.submitted) await world.refresh("org", auditIds[0] ?? "");
      },
    ],
    expect: onceAtKard,
  },
  "poll-and-push": {
    async before(world) {
      await world.subscribe("a");
      await closedAtKard(world, ["one"]);
    },
    racers: [
      (world) => world.poll(),
      async (world) => {
        for (const id of world.kard.audits.keys()) await world.push(id);
      },
      async (world) => {
        for (const { auditIds } of world.submitted) await world.refresh("org", auditIds[0] ?? "");
      },
    ],
  },
  "refresh-without-answer-and-poll": {
    async before(world) {
      await closedAtKard(world, ["one"]);
      let hasFailed = false;
      // Kard answers one of the two.
      world.outside.surprise = ({ name }) => {
        if (hasFailed || name !== "status") return undefined;
        hasFailed = true;
        return "before";
      };
    },
    racers: [
      async (world) => {
        for (const { auditIds } of world.submitted) await world.refresh("org", auditIds[0] ?? "");
      },
      (world) => world.poll(),
    ],
  },
  "start-and-close": {
    async before(world) {
      await files(world, ["one"]);
      for (const id of world.kard.audits.keys()) world.kard.start(id);
      await world.wait(6 * minute);
      let isCrashed = false;
      // The function that closes it crashes.
      world.outside.surprise = ({ name }) => {
        if (isCrashed || name !== "SendMessageBatch resolutions") return undefined;
        isCrashed = true;
        return "crash-before";
      };
    },
    racers: [
      (world) => world.poll(),
      async (world) => {
        // Kard closes it at about the time at which the poller reads its status.
        do await world.outside.turn?.({ service: "kard", name: "close", kinds: [] });
        while (!world.outside.calls.some(({ name }) => name === "status"));
        for (const id of world.kard.audits.keys()) world.kard.close(id);
        for (const id of world.kard.audits.keys()) await world.push(id);
      },
    ],
  },
  "adopt-and-adopt-later": {
    async before(world) {
      await world.subscribe("a");
      const id = world.kard.seed("org", "user", aRequest);
      world.kard.setTrouble("org", { outcome: "failed", reason: "timeout" });
      await world.adopt("org", [id]);
      world.kard.setTrouble("org", undefined);
      world.kard.start(id);
      await world.wait(minute);
    },
    racers: [
      (world) => world.poll(),
      (world) => world.adopt("org", [...world.kard.audits.keys()]),
      (world) => world.adopt("org", [...world.kard.audits.keys()]),
    ],
  },
  "disable-and-publish": {
    async before(world) {
      await world.subscribe("a", { enabled: false });
      await closedAtKard(world, ["one"]);
    },
    racers: [
      (world) => world.poll(),
      (world) =>
        world.insist("subscriptions-api", (its) =>
          its.update({ organizationId: "org", subscriptionId: "a" }, { enabled: true }),
        ),
    ],
  },
};

/** Runs each race in many orders of its calls, chosen by fast-check's scheduler. */
export async function interleave({ orders, seed, bail }: { orders: number; seed: number; bail: boolean }) {
  const findings: Finding[] = [];
  let played = 0;
  for (const [name, race] of Object.entries(races)) {
    const progress = progressOf(name, orders);
    let lastViolations: readonly string[] = [];
    const property = fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, isOvertaken) => {
      progress.step();
      const violations = await raced(race, scheduler, isOvertaken);
      if (violations.length > 0) lastViolations = violations;
      return violations.length === 0;
    });
    const result = await fc.check(property, { seed, numRuns: orders, endOnFailure: bail });
    progress.stop();
    played += result.numRuns;
    if (result.counterexample === null) continue;
    const [scheduler, isOvertaken] = result.counterexample;
    findings.push({
      ...{ scenario: name, faults: [], what: `${isOvertaken ? "overtaken, " : ""}${scheduler}` },
      violations: [...lastViolations],
      repeat: `npm run chaos -- interleave --orders ${result.numRuns} --seed ${seed}`,
    });
  }
  return { races: Object.keys(races).length, orders: played, findings };
}

async function raced(race: Race, scheduler: fc.Scheduler, isOvertaken: boolean): Promise<readonly string[]> {
  const world = createWorld();
  const { outside, history, time } = world;
  await time.run(race.before(world));
  let over = false;
  outside.turn = ({ name }) => scheduler.schedule(Promise.resolve(), name);
  const racing = race.racers.map((racer) => racer(world));
  if (race.overtaken !== undefined && isOvertaken) {
    const { overtaken } = race;
    racing.push(
      scheduler.schedule(Promise.resolve(), "time passes").then(() => {
        outside.struck.push("time passes");
        time.set(time.clock() + overtaken);
      }),
    );
  }
  const all = Promise.all(racing).finally(() => {
    over = true;
  });
  for (;;) {
    // Both continue as far as possible, so that the scheduler can choose among all calls.
    await turn();
    if (over) break;
    // Later calls have later times.
    time.set(time.clock() + 1);
    if (scheduler.count() > 0) await scheduler.waitNext(1);
    else await time.run(world.wait(1));
  }
  await all;
  outside.turn = undefined;
  await time.run(settle(world));
  judgeEnd(world);
  race.expect?.(world);
  return history.violations;
}
