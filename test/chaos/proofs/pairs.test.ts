import { expect, test } from "@jest/globals";
import { patienceMs, proof } from "./proof.ts";

test(
  "no event or notification is lost if two calls fail",
  async () => {
    const { pairs, wanted } = await proof("pairs", "--pairs", 250);
    expect(pairs).toBeGreaterThanOrEqual(wanted);
  },
  patienceMs,
);
