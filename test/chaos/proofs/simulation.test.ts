import { expect, test } from "@jest/globals";
import { patienceMs, proof } from "./proof.ts";

test(
  "no event or notification is lost in a long simulation of failures",
  async () => {
    const { steps, wanted } = await proof("simulate", "--steps", 1_250);
    expect(steps).toBeGreaterThanOrEqual(wanted);
  },
  patienceMs,
);
