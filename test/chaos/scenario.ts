import type { World } from "./world.ts";

/** What happens in a run before everything is let come to rest, and what must have come of it then. */
export interface Scenario {
  run: (world: World) => Promise<void>;
  /** What must have come of it, where faults struck too. */
  expect?: (world: World) => void;
  /** A run without what must make no difference: where no fault struck, both must have the same transcript. */
  reference?: { run: (world: World) => Promise<void>; transcript: (world: World) => string[] };
  /** Unless it is `false`, it is played again with a fault at each call. */
  isPlayedWithFaults?: boolean;
}
