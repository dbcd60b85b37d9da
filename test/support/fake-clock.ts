/** A clock that moves only when a test moves it. `now` is a `Clock`. */
export interface FakeClock {
  now: () => number;
  advance: (ms: number) => void;
  set: (epochMs: number) => void;
}

/** A fixed date at noon. */
export const noon = Date.UTC(2026, 2, 14, 12);

export function fakeClock(start: number = noon): FakeClock {
  let current = start;
  return {
    now: () => current,
    advance(ms) {
      current += ms;
    },
    set(epochMs) {
      current = epochMs;
    },
  };
}
