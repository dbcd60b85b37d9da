import { applyKardStatus } from "../../../functions/core/tracking/apply-kard-status.ts";
import type { Scenario } from "../scenario.ts";
import { closedAudit, day, everyoneGot, filed, firstPoll, hour, minute, minutes } from "./steps.ts";

export const pollingScenarios: Record<string, Scenario> = {
  "poll-to-closed": {
    async run(world) {
      await world.subscribe("a");
      await filed(world);
      for (const id of world.kard.audits.keys()) world.kard.start(id);
      await firstPoll(world);
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await firstPoll(world);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  "poll-throttled": {
    async run(world) {
      for (const name of ["one", "two", "three"]) await filed(world, name);
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await firstPoll(world);
    },
  },

  "kard-push": {
    async run(world) {
      await world.subscribe("a");
      await closedAudit(world);
      for (const id of world.kard.audits.keys()) {
        for (let tries = 1; tries <= 20 && !(await world.push(id)); tries++) await world.wait(10 * minute);
      }
      await world.deliver();
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  "published-by-the-sweep": {
    async run(world) {
      await world.subscribe("a");
      await closedAudit(world);
      const [auditId = ""] = world.submitted[0]?.auditIds ?? [];
      // A function has stored the resolution and ended before it published it.
      const apply = applyKardStatus({ audits: world.stores.audits, clock: world.time.clock });
      for (const { audit } of world.kard.audits.values()) await apply({ organizationId: "org", auditId }, audit);
      await minutes(world, 3);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  "unknown-shapes": {
    async run(world) {
      await world.subscribe("a");
      world.kard.setOdd(true);
      for (const name of ["one", "two", "three", "four", "five", "six"]) await filed(world, name);
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await firstPoll(world);
      await world.wait(2 * hour);
      await minutes(world, 1);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  overdue: {
    async run(world) {
      await world.subscribe("a");
      await filed(world);
      await firstPoll(world);
      await world.wait(2 * hour);
      await minutes(world, 2);
      await world.wait(3 * day);
      await minutes(world, 2);
      await world.wait(2 * hour);
      await minutes(world, 2);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.overdue"),
  },
};
