/** Time that passes only when everything waits for it. */
export interface VirtualTime {
  clock: () => number;
  sleep: (ms: number) => Promise<void>;
  /** Lets time pass until the work is done; `undefined` if `kill` was called. Throws if everything waits forever. */
  run<Result>(work: Promise<Result>): Promise<Result | undefined>;
  /** Ends all running work like a crash: sleeping code never wakes up. */
  kill(): void;
  set(now: number): void;
}

export function virtualTime(start: number): VirtualTime {
  let now = start;
  let killed = false;
  let sleepers: { until: number; wake: () => void }[] = [];

  return {
    clock: () => now,
    sleep: (ms) =>
      new Promise((wake) => {
        const until = now + ms;
        const place = sleepers.findIndex((other) => other.until > until);
        sleepers.splice(place === -1 ? sleepers.length : place, 0, { until, wake });
      }),
    async run(work) {
      killed = false;
      let settled = false;
      work.then(
        () => (settled = true),
        () => (settled = true),
      );
      for (;;) {
        // One turn of the event loop. By then everything has continued as far as possible without time passing.
        await new Promise((resume) => setImmediate(resume));
        if (killed) {
          sleepers = [];
          return undefined;
        }
        if (settled) return work;
        const next = sleepers.shift();
        if (next === undefined) throw new Error("everyone waits and nothing will happen any more");
        now = Math.max(now, next.until);
        next.wake();
      }
    },
    kill() {
      killed = true;
    },
    set(time) {
      now = time;
    },
  };
}
