import { expect, test } from "@jest/globals";
import { patienceMs, proof } from "./proof.ts";

test(
  "no event or notification is lost, in whatever order concurrent calls take effect",
  async () => {
    const { interleavings, wanted } = await proof("interleave", "--orders", 50);
    expect(interleavings).toBeGreaterThanOrEqual(13 * wanted);
  },
  patienceMs,
);
