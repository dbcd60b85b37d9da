import { expect, test } from "@jest/globals";
import { patienceMs, proof } from "./proof.ts";

test(
  // A sample spread over all faults; `npm run chaos` plays every one.
  "no event or notification is lost, whichever call fails",
  async () => {
    const { faults, wanted } = await proof("singles", "--singles", 500);
    expect(faults).toBe(wanted);
  },
  patienceMs,
);
