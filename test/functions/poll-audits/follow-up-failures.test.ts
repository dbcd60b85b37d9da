import { describe, expect, test } from "@jest/globals";
import { day, minute, names } from "./failing-kard.ts";
import { closedWith, followUpAfterMs } from "./followed-audit.ts";

const promise = { resolutionCode: 5007, resolutionDescription: null, resolutionTimeStamp: null };

describe("trouble with rewards", () => {
  test.each([
    { outcome: "forbidden" },
    { outcome: "missing" },
    { outcome: "unauthorized" },
    { outcome: "throttled", retryAfterMs: 3 * 60 * minute },
    { outcome: "failed", reason: "timeout" },
    { outcome: "not-understood", reason: "malformed-response" },
  ] as const)("of kind $outcome is retried, and does not stop the polls of other audits", async (answer) => {
    const world = await closedWith(5007);
    world.wait(followUpAfterMs);
    for (const name of names(30)) {
      await world.accept(name, 31 * day, {
        status: "CLOSED",
        lane: "FOLLOWUP",
        laneAt: 1,
        followUp: { dueAt: 1 },
        resolution: promise,
      });
    }
    await world.accept("open", 7 * minute);
    world.deps.kard = {
      ...world.deps.kard,
      getEarnedRewards: async (...read) => {
        world.kard.rewardReads.push(read);
        return answer;
      },
    };
    world.calls.length = 0;
    const tick = await world.cleanTick();
    expect(tick).toMatchObject({ polled: 1, inTrouble: [], lagMs: 0 });
    expect(world.kard.rewardReads.length).toBeGreaterThan(0);
    world.wait(5 * minute);
    await world.cleanTick();
    expect(world.callCounts().get("open")).toHaveLength(2);
    const audit = await world.auditOf("a1");
    expect(audit).toMatchObject({ fulfilment: "pending", lane: "FOLLOWUP", status: "CLOSED" });
  });

  test("of an issuer whose circuit breaker is open: its follow-ups wait", async () => {
    const world = await closedWith(5007);
    await world.accept("open", 5 * minute);
    world.answering = () => ({ outcome: "failed", reason: "server-error" });
    world.wait(followUpAfterMs);
    await world.tick();
    expect(world.kard.rewardReads).toEqual([]);
    world.answering = () => undefined;
    world.wait(day);
    expect(await world.cleanTick()).toMatchObject({ unfulfilled: 1 });
  });

  test("an audit that cannot be stored is postponed, and does not delay the others", async () => {
    const world = await closedWith(5007);
    const followUp = { dueAt: 1 };
    await world.accept("a2", 31 * day, {
      status: "CLOSED",
      lane: "FOLLOWUP",
      laneAt: 1,
      followUp,
      resolution: promise,
    });
    const { update } = world.stores.audits;
    world.deps.audits = {
      ...world.stores.audits,
      update: async (before, ...others) => {
        if (before.auditId === "a2") throw new Error("no");
        return update(before, ...others);
      },
    };
    world.wait(followUpAfterMs);
    const tick = await world.tick();
    expect(tick).toMatchObject({ unfulfilled: 1, errors: [expect.any(Error)] });
    expect((await world.auditOf("a2")).laneAt).toBeGreaterThan(world.time.clock());
  });
});
