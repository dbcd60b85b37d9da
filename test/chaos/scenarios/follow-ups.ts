import { auditOf } from "../../../functions/adapters/dynamodb/audit-row.ts";
import { promiseOf } from "../../../functions/core/tracking/follow-up.ts";
import type { Scenario } from "../scenario.ts";
import { followUpAfterMs } from "../world/functions.ts";
import type { World } from "../world/world.ts";
import { everyoneGot, filed, firstPoll, minute, minutes } from "./steps.ts";

const eventNames = ["audit.closed", "audit.fulfilled", "audit.unfulfilled"] as const;
const reward = { transactionId: "txn-one", amountInCents: 500, commission: "25 CENTS" };

/** Files an audit, lets Kard close it with a promise, and sees it closed. */
async function promised(world: World, resolutionCode: number): Promise<void> {
  await world.subscribe("a", { eventNames: [...eventNames] });
  await filed(world);
  for (const id of world.kard.audits.keys()) world.kard.close(id, resolutionCode);
  await firstPoll(world);
  await minutes(world, 1);
}

/** An audit that a fault has delayed is closed later, without a promise. */
function endsAs(world: World, wanted: readonly string[]): void {
  let checked = 0;
  for (const item of world.rows.rows.values()) {
    if (item.sk?.S !== "AUDIT") continue;
    const audit = auditOf(item);
    const { fulfilment, auditId, followUp } = audit;
    if (promiseOf(audit) === undefined) continue;
    checked++;
    if (!wanted.includes(fulfilment ?? "") || followUp === undefined)
      world.history.violated(`audit ${auditId}: ${fulfilment}, not ${wanted.join(" or ")}`);
    if (fulfilment === "fulfilled" || fulfilment === "unfulfilled") everyoneGot(world, ["a"], `audit.${fulfilment}`);
  }
  if (checked === 0 && world.outside.struck.length === 0) world.history.violated("no audit has a promise");
}

export const followUpScenarios: Record<string, Scenario> = {
  "follow-up-resend": {
    async run(world) {
      await promised(world, 5007);
      await world.wait(followUpAfterMs - 3 * minute);
      await minutes(world, 6);
    },
    expect: (world) => endsAs(world, ["unfulfilled"]),
  },

  "follow-up-adjustment": {
    async run(world) {
      world.kard.rewards.push(reward);
      await promised(world, 5002);
      // A first read that failed is repeated.
      await world.wait(2 * 60 * minute);
      await minutes(world, 2);
      await world.wait(10 * 60 * minute);
      world.kard.rewards.splice(0, 1, { ...reward, amountInCents: 700 });
      await world.wait(12 * 60 * minute);
      await minutes(world, 6);
    },
    // With faults, the first read may come after Kard has made the adjustment.
    expect: (world) => endsAs(world, world.outside.struck.length === 0 ? ["fulfilled"] : ["fulfilled", "unfulfilled"]),
  },
};
