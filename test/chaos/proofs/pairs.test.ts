import { expect, test } from "@jest/globals";
import { patienceMs, proof } from "./proof.ts";

test(
  "no event or notification is lost if two calls fail",
  async () => {
    expect((await proof("pairs")).pairs).toBeGreaterThanOrEqual(5_000);
  },
  patienceMs,
);
