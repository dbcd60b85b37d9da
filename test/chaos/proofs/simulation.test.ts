import { expect, test } from "@jest/globals";
import { patienceMs, proof } from "./proof.ts";

test(
  "no event or notification is lost in a long simulation of failures",
  async () => {
    expect((await proof("simulate", "--steps", "5000")).steps).toBeGreaterThanOrEqual(5_000);
  },
  patienceMs,
);
