import type { Scenario } from "../scenario.ts";
import { closedAudit, day, filed, firstPoll, minute, minutes } from "./steps.ts";

export const figuresScenarios: Record<string, Scenario> = {
  figures: {
    async run(world) {
      const today = Math.floor(world.time.clock() / day) * day;
      const count = async () => {
        await minutes(world, 2);
        await world.wait(10 * minute);
        await world.countDay("org", today);
      };
      await closedAudit(world);
      await firstPoll(world);
      await count();
      await filed(world, "two");
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await firstPoll(world);
      await count();
      await count();
    },
    expect({ rows, history }) {
      const figures = [...rows.rows.values()].find(({ pk }) => pk?.S === "STATS#org");
      if (figures === undefined) history.violated("no figures are stored");
    },
  },
};
