import type { World } from "./world/world.ts";

/** The steps of a run before everything settles, and the expected result. */
export interface Scenario {
  run: (world: World) => Promise<void>;
  /** The expected result, with or without faults. */
  expect?: (world: World) => void;
  /** A reference run: without faults, both must have the same transcript. */
  reference?: { run: (world: World) => Promise<void>; transcript: (world: World) => string[] };
  /** Whether the owner has a bus and a topic, and the issuers have contacts. */
  hasTargets?: boolean;
  /** Unless `false`, it is repeated with a fault at each call. */
  isPlayedWithFaults?: boolean;
}
