import { expect, test } from "@jest/globals";
import { patienceMs, proof } from "./proof.ts";

test(
  // A sample spread over all faults; `npm run chaos` plays every one.
  "no event or notification is lost, whichever call fails",
  async () => {
    expect((await proof("singles", "--singles", "2000")).faults).toBe(2_000);
  },
  patienceMs,
);
