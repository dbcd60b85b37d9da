import { aRequest } from "../../support/sample-audits.ts";

import { closedAtKard, files, minute, onceAtKard, type Race } from "./race.ts";

export const auditRaces: Record<string, Race> = {
  "two-pollers": {
    async before(world) {
      await world.subscribe("a");
      await closedAtKard(world, ["one", "two"]);
      world.outside.calls.length = 0;
    },
    racers: [(world) => world.poll(), (world) => world.poll()],
    expect({ outside, history }) {
      // The lease lets one of them call Kard. The other may only follow.
      const asked = outside.calls.filter(({ name }) => name === "status").length;
      if (asked > 2) history.violated(`two pollers asked ${asked} times for two audits`);
    },
  },

  "submit-and-retry": {
    async before() {},
    racers: [(world) => files(world, ["one"]), (world) => world.poll()],
    overtaken: 61_000,
    expect(world) {
      if (world.outside.struck.length === 0) onceAtKard(world);
    },
  },

  "refresh-and-retry": {
    async before(world) {
      world.kard.setDown(true);
      await files(world, ["one"]);
      world.kard.setDown(false);
      await world.wait(minute);
    },
    racers: [
      (world) => world.poll(),
      async (world) => {
        for (const { auditIds } of world.submitted) await world.refresh("org", auditIds[0] ?? "");
      },
      async (world) => {
        for (const { auditIds } of world.submitted) await world.refresh("org", auditIds[0] ?? "");
      },
    ],
    expect: onceAtKard,
  },

  "poll-and-push": {
    async before(world) {
      await world.subscribe("a");
      await closedAtKard(world, ["one"]);
    },
    racers: [
      (world) => world.poll(),
      async (world) => {
        for (const id of world.kard.audits.keys()) await world.push(id);
      },
      async (world) => {
        for (const { auditIds } of world.submitted) await world.refresh("org", auditIds[0] ?? "");
      },
    ],
  },

  "refresh-without-response-and-poll": {
    async before(world) {
      await closedAtKard(world, ["one"]);
      let hasFailed = false;
      // Kard answers one of the two.
      world.outside.surprise = ({ name }) => {
        if (hasFailed || name !== "status") return undefined;
        hasFailed = true;
        return "before";
      };
    },
    racers: [
      async (world) => {
        for (const { auditIds } of world.submitted) await world.refresh("org", auditIds[0] ?? "");
      },
      (world) => world.poll(),
    ],
  },

  "start-and-close": {
    async before(world) {
      await files(world, ["one"]);
      for (const id of world.kard.audits.keys()) world.kard.start(id);
      await world.wait(6 * minute);
      let isCrashed = false;
      // The function that closes it crashes.
      world.outside.surprise = ({ name }) => {
        if (isCrashed || name !== "SendMessageBatch resolutions") return undefined;
        isCrashed = true;
        return "crash-before";
      };
    },
    racers: [
      (world) => world.poll(),
      async (world) => {
        // Kard closes it at about the time at which the poller reads its status.
        do await world.outside.turn?.({ service: "kard", name: "close", kinds: [] });
        while (!world.outside.calls.some(({ name }) => name === "status"));
        for (const id of world.kard.audits.keys()) world.kard.close(id);
        for (const id of world.kard.audits.keys()) await world.push(id);
      },
    ],
  },

  "adopt-and-adopt-later": {
    async before(world) {
      await world.subscribe("a");
      const id = world.kard.seed("org", "user", aRequest);
      world.kard.setTrouble("org", { outcome: "failed", reason: "timeout" });
      await world.adopt("org", [id]);
      world.kard.setTrouble("org", undefined);
      world.kard.start(id);
      await world.wait(minute);
    },
    racers: [
      (world) => world.poll(),
      (world) => world.adopt("org", [...world.kard.audits.keys()]),
      (world) => world.adopt("org", [...world.kard.audits.keys()]),
    ],
  },
};
