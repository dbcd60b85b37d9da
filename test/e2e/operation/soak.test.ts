import { expect, test } from "@jest/globals";
import { run } from "../support/runner.ts";

/** The load lasts half a minute; a webhook that fails twice waits for five more minutes. */
const patienceMs = 9 * 60_000;

test(
  "a steady load loses nothing while Kard and a subscriber flap",
  async () => {
    const { code, stdout, stderr } = await run("soak", ["--minutes", "0.5", "--patience", "7", "--json"]).ended;
    expect(stderr).toBe("");
    const { soak } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    expect(soak).toMatchObject({
      undelivered: { resolutions: 0, healthy: 0, flapping: 0 },
      superfluousAtKard: 0,
    });
    expect(soak.audits).toBeGreaterThan(20);
    expect(soak.refused).toBeGreaterThan(0);
    expect(soak.closeToReceipt.healthy.p50).toBeGreaterThan(0);
    expect(soak.memory.most).toBeGreaterThan(0);
    expect(code).toBe(0);
  },
  patienceMs,
);
