import { expect, test } from "@jest/globals";
import { shards } from "../../functions/core/shared/lanes.ts";
import { pollShards } from "../../functions/poll-audits/poll-shards.ts";
import { deployedPlan } from "../../infra/config/stage-defaults.ts";
import { mostInAnySecond } from "../support/polling/most-in-any-second.ts";
import { rateLimitStorm } from "../support/polling/rate-limit-storm.ts";
import { rateLimitWorld } from "../support/polling/rate-limit-world.ts";
import { seededRandom } from "../support/seeded-random.ts";

test.each([
  [1, 50, 1],
  [2, 50, 8],
  [3, 30, 2],
] as const)(
  "seed %d: an import, pushes and polling stay within %d calls per second with %d pollers, and nothing is lost",
  async (seed, kardRequestsPerSecond, pollers) => {
    const storm = await rateLimitStorm({
      limit: { kardRequestsPerSecond, interactiveShare: 0.2, pollers },
      pollPlan: deployedPlan,
      random: seededRandom(seed),
    });
    expect(storm.errors).toEqual([]);
    expect(storm.most).toBeLessThanOrEqual(kardRequestsPerSecond);
    expect(storm.responses.accepted).toBeGreaterThan(0);
    expect(storm.responses.waiting).toBeGreaterThan(1_000);
    expect(storm).toMatchObject({ filedAtKard: 1_800, creates: 1_800, filedStatuses: { NEW: 1_800 } });
    expect(storm.pushedStatuses).toEqual({ CLOSED: 300 });
  },
);

test("polls repeated with a new token stay within the pollers' share", async () => {
  const limit = { kardRequestsPerSecond: 50, interactiveShare: 0.2, pollers: 1 } as const;
  const world = rateLimitWorld({ limit, pollPlan: deployedPlan, random: seededRandom(4) });
  const { time, kard } = world;
  for (let number = 0; number < 700; number++) await world.accept("issuer", `open-${number}`, 7 * 60_000);
  // With slow responses many calls are in flight when their token is refused, and all are repeated.
  kard.latencyMs = 1_500;
  const tick = pollShards(world.poller())(shards, time.clock() + 45_000);
  const refuse = async () => {
    for (const ms of [5_000, 10_000, 5_000]) {
      await time.sleep(ms);
      kard.refuseTokens();
    }
  };
  const [{ polled, errors }] = (await time.run(Promise.all([tick, refuse()]))) ?? [{ polled: 0, errors: [] }];
  expect([polled, errors]).toEqual([700, []]);
  expect(kard.requests.length).toBeGreaterThan(750);
  expect(mostInAnySecond(kard.requests.map(({ at }) => at))).toBeLessThanOrEqual(40);
});
