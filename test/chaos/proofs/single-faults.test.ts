import { expect, test } from "@jest/globals";
import { patienceMs, proof } from "./proof.ts";

test(
  // In strides over all of them, which `npm run chaos` plays.
  "no event or notification is lost, whichever call fails",
  async () => {
    expect((await proof("singles", "--singles", "10500")).faults).toBe(10_500);
  },
  patienceMs,
);
