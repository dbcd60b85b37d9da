/** Time that passes only when everyone waits for it. */
export interface VirtualTime {
  clock: () => number;
  sleep: (ms: number) => Promise<void>;
  /**
   * Lets time pass until the work is done; `undefined` if `kill` was called meanwhile. Throws when all wait for ever.
   */
  run<Result>(work: Promise<Result>): Promise<Result | undefined>;
  /** Ends whatever is running, as a crash of the process would: nobody who sleeps wakes up again. */
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
        // A turn of the event loop: by then everything has gone on as far as it can without time passing.
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
