import { retryWaitsMs } from "../../../functions/core/notifications/delivery-schedule.ts";

import { attemptsMade, closedAtKard, minute, type Race } from "./race.ts";

export const deliveryRaces: Record<string, Race> = {
  "publisher-and-sweeper": {
    async before(world) {
      await world.subscribe("a");
      await world.subscribe("held", { enabled: false });
      await closedAtKard(world, ["one"]);
    },
    racers: [(world) => world.poll(), (world) => world.sweep(), (world) => world.sweep(), (world) => world.deliver()],
    overtaken: 61_000,
  },

  "deliver-and-redeliver": {
    async before(world) {
      const endpoint = await world.subscribe("a");
      endpoint.responses = [500, 204, 500];
      await closedAtKard(world, ["one"]);
      await world.poll();
      world.outside.surprise = ({ name }) => (name === "deliver" ? "stale" : undefined);
    },
    racers: [(world) => world.deliver(), (world) => world.sweep()],
    overtaken: 16 * minute,
  },

  "last-attempt-and-replay": {
    async before(world) {
      const endpoint = await world.subscribe("a");
      endpoint.responses = Array.from({ length: 100 }, () => 500);
      await closedAtKard(world, ["one"]);
      await world.poll();
      await world.deliver();
      while (attemptsMade(world) < retryWaitsMs.length) {
        await world.wait(60 * minute);
        await world.sweep();
        await world.deliver();
      }
      endpoint.responses = [500];
      await world.wait(30 * 60 * minute);
      await world.sweep();
    },
    racers: [(world) => world.deliver(), (world) => world.replayAll()],
    expect(world) {
      const received = world.endpoints.all.get("https://a.example/")?.received ?? [];
      if (!received.some(({ statusCode }) => statusCode === 204))
        world.history.violated("what was replayed never came");
    },
  },

  "late-attempt-and-replay": {
    async before(world) {
      await world.subscribe("a");
      await closedAtKard(world, ["one"]);
      await world.poll();
      // After ten minutes, the worker reads the row.
      await world.wait(11 * minute);
    },
    racers: [
      (world) => world.deliver(),
      async (world) => {
        // Calls of another subject, so that the attempt may have begun.
        const key = { organizationId: "org", auditId: world.submitted[0]?.auditIds[0] ?? "" };
        await world.change(key, { reference: "case-1" });
        const endpoint = world.endpoints.all.get("https://a.example/");
        if (endpoint !== undefined) world.replayed = { endpoint, after: endpoint.received.length };
        await world.replayAll();
      },
    ],
    expect({ replayed, history }) {
      if ((replayed?.endpoint.received.length ?? 0) <= (replayed?.after ?? 0))
        history.violated("what was replayed never came");
    },
  },

  "deliver-and-rotate": {
    async before(world) {
      const endpoint = await world.subscribe("a");
      endpoint.responses = [500];
      await closedAtKard(world, ["one"]);
      await world.poll();
    },
    racers: [
      (world) => world.deliver(),
      async (world) => {
        const rotated = await world.insist("subscriptions-api", (its) =>
          its.rotate({ organizationId: "org", subscriptionId: "a" }, { overlapSeconds: 86_400 }),
        );
        world.rotatedTo = rotated?.secrets[0]?.secret;
      },
    ],
    expect({ rows, rotatedTo, history }) {
      const stored = rows.rows.get(JSON.stringify(["ISSUER#org", "SUBSCRIPTION#a"]));
      if (stored?.secrets?.L?.[0]?.M?.secret?.S !== rotatedTo) history.violated("a secret that was handed out is lost");
    },
  },

  "disable-and-publish": {
    async before(world) {
      await world.subscribe("a", { enabled: false });
      await closedAtKard(world, ["one"]);
    },
    racers: [
      (world) => world.poll(),
      (world) =>
        world.insist("subscriptions-api", (its) =>
          its.update({ organizationId: "org", subscriptionId: "a" }, { enabled: true }),
        ),
    ],
  },
};
