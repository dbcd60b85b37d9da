import { expect, test } from "@jest/globals";
import { patienceMs, proof } from "./proof.ts";

test(
  "no event or notification is lost if two calls fail",
  async () => {
    expect((await proof("pairs", "--pairs", "1000")).pairs).toBeGreaterThanOrEqual(1_000);
  },
  patienceMs,
);
