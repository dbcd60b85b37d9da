import { expect, test } from "@jest/globals";
import { deployedPlan } from "../../infra/stage-defaults.ts";
import { rateLimitStorm } from "../support/rate-limit-storm.ts";
import { seededRandom } from "../support/seeded-random.ts";

test.each([
  [1, 50, 1],
  [2, 50, 8],
  [3, 30, 2],
] as const)(
  "seed %d: an import, pushes and polling stay within %d calls a second with %d pollers, and nothing is lost",
  async (seed, kardRequestsPerSecond, pollers) => {
    const storm = await rateLimitStorm({
      limit: { kardRequestsPerSecond, interactiveShare: 0.2, pollers },
      pollPlan: deployedPlan,
      random: seededRandom(seed),
    });
    expect(storm.errors).toEqual([]);
    expect(storm.most).toBeLessThanOrEqual(kardRequestsPerSecond);
    expect(storm.answers.accepted).toBeGreaterThan(0);
    expect(storm.answers.waiting).toBeGreaterThan(1_000);
    expect(storm).toMatchObject({ filedAtKard: 1_800, creates: 1_800, filedStatuses: { NEW: 1_800 } });
    expect(storm.pushedStatuses).toEqual({ CLOSED: 300 });
  },
);
