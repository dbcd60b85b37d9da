import { expect, test } from "@jest/globals";
import { patienceMs, proof } from "./proof.ts";

test(
  "no event or notification is lost, whichever call fails",
  async () => {
    expect((await proof("singles")).faults).toBeGreaterThanOrEqual(10_001);
  },
  patienceMs,
);
