import { expect, test } from "@jest/globals";
import type { Audit } from "../../../functions/core/audits/audit.ts";
import { closedWith, followUpAfterMs } from "./followed-audit.ts";

const reward = {
  transactionId: "transaction-1",
  amountInCents: 500,
  commission: "25 CENTS",
  status: "SETTLED",
} as const;

const eventsOf = ({ events }: Audit) => Object.values(events).map(({ type }) => type);

test("a promised adjustment is compared with the reward of the first tick, and announced", async () => {
  const world = await closedWith(5002);
  world.kard.rewards.push(reward);
  await world.cleanTick();
  expect(world.kard.rewardReads).toEqual([["org", "user-1", "SETTLED", undefined]]);
  world.kard.rewards.splice(0, 1, { ...reward, amountInCents: 600 });
  await world.cleanTick();
  expect(world.kard.rewardReads).toHaveLength(1);

  world.wait(followUpAfterMs);
  expect(await world.cleanTick()).toMatchObject({ fulfilled: 1, unfulfilled: 0 });
  const audit = await world.auditOf("a1");
  expect(audit).toMatchObject({ fulfilment: "fulfilled", followUp: { before: { amountInCents: 500 } } });
  expect(eventsOf(audit)).toEqual(["audit.closed", "audit.fulfilled"]);
  expect(audit.events.e2?.publishedAt).toBeDefined();
  await world.cleanTick();
  expect(world.kard.rewardReads).toHaveLength(2);
});

test("a promised resend that does not show among settled and approved transactions is unfulfilled", async () => {
  const world = await closedWith(5007);
  await world.cleanTick();
  expect(world.kard.rewardReads).toEqual([]);
  world.wait(followUpAfterMs);
  expect(await world.cleanTick()).toMatchObject({ unfulfilled: 1 });
  expect(world.kard.rewardReads.map(([, , status]) => status)).toEqual(["SETTLED", "APPROVED"]);
  expect(eventsOf(await world.auditOf("a1"))).toEqual(["audit.closed", "audit.unfulfilled"]);
});

test("an approved transaction is a kept promise to send it again", async () => {
  const world = await closedWith(5008);
  world.kard.rewards.push({ transactionId: "transaction-1", status: "APPROVED" });
  world.wait(followUpAfterMs);
  expect(await world.cleanTick()).toMatchObject({ fulfilled: 1 });
});

test.each([
  ["while follow-ups are turned off", 5002, {}],
  ["for a resolution that promises nothing", 5004, { followUpAfterMs }],
])("nothing is read or written %s", async (_name, code, given) => {
  const world = await closedWith(code, given);
  let reads = 0;
  const { due } = world.stores.lanes;
  world.deps.lanes = {
    ...world.stores.lanes,
    due: (lane, ...page) => {
      if (lane === "FOLLOWUP") reads++;
      return due(lane, ...page);
    },
  };
  world.wait(followUpAfterMs);
  await world.cleanTick();
  expect(world.kard.rewardReads).toEqual([]);
  expect(reads > 0).toBe("followUpAfterMs" in given);
  const audit = await world.auditOf("a1");
  expect(audit.lane ?? audit.fulfilment).toBeUndefined();
});

test("all pages are read until the transaction is found", async () => {
  const world = await closedWith(5007);
  world.kard.rewardsOutcomes.push({ outcome: "page", rewards: [], next: "cursor-1" });
  world.kard.rewards.push(reward);
  world.wait(followUpAfterMs);
  expect(await world.cleanTick()).toMatchObject({ fulfilled: 1 });
  expect(world.kard.rewardReads.map(([, , , after]) => after)).toEqual([undefined, "cursor-1"]);
});

test("a user with more than 20 pages of rewards ends the follow-up as unknown, without further tries", async () => {
  const world = await closedWith(5007);
  world.deps.kard = {
    ...world.deps.kard,
    getEarnedRewards: async (...read) => {
      world.kard.rewardReads.push(read);
      return { outcome: "page", rewards: [], next: "again" };
    },
  };
  world.wait(followUpAfterMs);
  await world.cleanTick();
  expect(world.kard.rewardReads).toHaveLength(20);
  const audit = await world.auditOf("a1");
  expect(audit).toMatchObject({ fulfilment: "unknown" });
  expect(audit.lane).toBeUndefined();
});
