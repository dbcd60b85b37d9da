import { isDeepStrictEqual } from "node:util";
import { auditOf } from "../../../functions/adapters/dynamodb/audit-row.ts";
import { eventsInOrder } from "../../../functions/core/audits/change-audit.ts";
import type { Scenario } from "../scenario.ts";
import { pollPlan } from "../world/functions.ts";
import type { World } from "../world/world.ts";
import { everyoneGot, filed, firstPoll, hour, minute, minutes } from "./steps.ts";

const { dueSoonBefore = 0 } = pollPlan;
const dueEvents = ["audit.due_soon", "audit.overdue"] as const;

function auditsOf({ rows }: World) {
  return [...rows.rows.values()].filter(({ sk }) => sk?.S === "AUDIT").map(auditOf);
}

/** Waits until a time before the audit is due; negative: after it. */
async function untilBeforeDue(world: World, ms: number): Promise<void> {
  const [audit] = auditsOf(world);
  await world.wait(Math.max((audit?.dueAt ?? 0) - ms - world.time.clock(), 0));
  await minutes(world, 1);
}

export const dueDateScenarios: Record<string, Scenario> = {
  /** The audit is polled three times while it is due soon, so one failure cannot prevent the announcement. */
  "due-soon": {
    async run(world) {
      await world.subscribe("a", { eventNames: [...dueEvents] });
      await filed(world);
      await firstPoll(world);
      await untilBeforeDue(world, dueSoonBefore + hour);
      for (const before of [dueSoonBefore - hour, 3 * hour, hour]) await untilBeforeDue(world, before);
      await untilBeforeDue(world, -hour);
      await untilBeforeDue(world, -3 * hour);
    },
    expect(world) {
      const { history } = world;
      const audits = auditsOf(world);
      if (audits.length !== 1) history.violated(`${audits.length} audits`);
      for (const audit of audits) {
        const { auditId, dueAt = 0, dueSoonAt = 0, overdueAt = 0 } = audit;
        const due = eventsInOrder(audit).filter(({ event }) => event.type !== "audit.closed");
        const types = due.map(({ event }) => event.type);
        if (!isDeepStrictEqual(types, [...dueEvents])) history.violated(`audit ${auditId}: ${types.join(", ")}`);
        if (dueSoonAt < dueAt - dueSoonBefore || dueSoonAt >= dueAt)
          history.violated(`audit ${auditId}: announced ${(dueAt - dueSoonAt) / minute} min before it is due`);
        if (overdueAt < dueAt) history.violated(`audit ${auditId}: overdue before it is due`);
      }
      for (const name of dueEvents) everyoneGot(world, ["a"], name);
    },
  },
};
