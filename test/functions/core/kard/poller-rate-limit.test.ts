import { expect, test } from "@jest/globals";
import { pollerRateLimit } from "../../../../functions/core/kard/poller-rate-limit.ts";
import { noon } from "../../../support/fake-clock.ts";
import { virtualTime } from "../../../support/virtual-time.ts";

test("requests by a credential start evenly and in order, and do not wait for another credential's", async () => {
  const time = virtualTime(noon);
  const admit = pollerRateLimit({
    credentials: {
      credentialIdentityFor: async (organizationId) => ({ credentialId: organizationId.slice(0, 1), isShared: true }),
    },
    ...{ clock: time.clock, sleep: time.sleep, callsPerSecond: 10 },
  });
  const starts: [string, number][] = [];
  const request = async (organizationId: string) => {
    expect(await admit(organizationId)).toBe(true);
    starts.push([organizationId, time.clock() - noon]);
  };
  await time.run(Promise.all(["a1", "a2", "a3", "b1", "b2"].map(request)));
  // The first may catch up by the precision of timers.
  const inOrder = (credential: string) => starts.filter(([organizationId]) => organizationId.startsWith(credential));
  expect(inOrder("a")).toEqual([
    ["a1", 0],
    ["a2", 80],
    ["a3", 180],
  ]);
  expect(inOrder("b")).toEqual([
    ["b1", 0],
    ["b2", 80],
  ]);

  await time.run(time.sleep(5_000));
  starts.length = 0;
  await time.run(Promise.all(["a1", "a2"].map(request)));
  expect(starts.map(([, at]) => at)).toEqual([5_180, 5_260]);
});
