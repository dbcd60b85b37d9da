import type { Scenario } from "../scenario.ts";
import {
  closedAudit,
  everyoneGot,
  filed,
  firstPoll,
  isRefusedFor,
  minute,
  minutes,
  recordedWithin,
  second,
  tenNames,
} from "./steps.ts";

export const deliveringScenarios: Record<string, Scenario> = {
  "publish-to-three": {
    async run(world) {
      for (const name of ["a", "b", "c"]) await world.subscribe(name);
      await world.subscribe("held", { enabled: false });
      await world.subscribe("foreign", { organizationId: "other" });
      await closedAudit(world);
      await firstPoll(world);
    },
    expect: (world) => everyoneGot(world, ["a", "b", "c"], "audit.closed"),
  },

  /** A batch of ten for ten endpoints. A problem of one must not affect the other nine. */
  "batch-of-ten": {
    async run(world) {
      world.outside.mayPoison = true;
      for (const name of tenNames) await world.subscribe(name);
      await closedAudit(world);
      await firstPoll(world);
    },
    expect(world) {
      const { poisonous, struck } = world.outside;
      const healthy = tenNames.filter((name) => !poisonous.has(`https://${name}.example/`));
      everyoneGot(world, healthy, "audit.closed");
      const deaths = struck.filter((fault) => /^(crash-before|crash-after|poison) at webhook$/.test(fault));
      if (deaths.length < struck.length) return;
      // The messages of a batch come again six minutes after a crash. A poison message crashes the next worker, too,
      // and is known from then on.
      const crashes = deaths.filter((fault) => !fault.startsWith("poison")).length;
      recordedWithin(world, healthy, (2 * poisonous.size + crashes) * 7 * minute + minute);
    },
  },

  "deliver-with-retries": {
    async run(world) {
      const endpoint = await world.subscribe("a");
      endpoint.responses = [500, 503, 500, 429];
      await closedAudit(world);
      await firstPoll(world);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  "slow-endpoint": {
    async run(world) {
      const endpoint = await world.subscribe("a");
      endpoint.ms = 3 * second;
      for (const name of ["one", "two"]) await filed(world, name);
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await firstPoll(world);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  "enabled-once": {
    async run(world) {
      await world.subscribe("a", { enabled: false });
      await closedAudit(world);
      await firstPoll(world);
      // The caller does not repeat a failed request.
      const key = { organizationId: "org", subscriptionId: "a" };
      await world.invoke("subscriptions-api", (its) => its.update(key, { enabled: true }));
      await world.deliver();
      await minutes(world, 5);
    },
    expect(world) {
      const stored = world.rows.rows.get(JSON.stringify(["ISSUER#org", "SUBSCRIPTION#a"]));
      if (stored?.enabled?.BOOL === true) everyoneGot(world, ["a"], "audit.closed");
    },
  },

  "rotate-during-delivery": {
    async run(world) {
      const endpoint = await world.subscribe("a");
      endpoint.responses = [500];
      await closedAudit(world);
      await firstPoll(world);
      const key = { organizationId: "org", subscriptionId: "a" };
      const rotated = await world.insist("subscriptions-api", (its) => its.rotate(key, { overlapSeconds: 86_400 }));
      endpoint.secrets.add(rotated?.secrets[0]?.secret ?? "");
      await minutes(world, 2);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  /** Four events at once for an endpoint that takes one per second. */
  "maximum-rate": {
    async run(world) {
      await world.subscribe("a", { maxPerSecond: 1 });
      for (const name of ["one", "two", "three", "four"]) await filed(world, name);
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await firstPoll(world);
      await minutes(world, 2);
    },
    expect(world) {
      const { history, endpoints, outside } = world;
      const received = [...endpoints.all.values()].flatMap((endpoint) => endpoint.received);
      const times = received.map(({ at }) => at).sort((a, b) => a - b);
      const tooClose = times.filter((at, place) => place > 0 && at - (times[place - 1] ?? 0) < 900).length;
      // A POST that takes effect twice, or late, is not an attempt of its own.
      const atEndpoint = outside.struck.filter((fault) => fault.endsWith("at webhook")).length;
      if (tooClose > atEndpoint) history.violated(`${tooClose} attempts came within a second of others`);
      const delivered = new Set(received.filter(({ statusCode }) => statusCode < 300).map(({ id }) => id));
      const refused = [...world.rows.rows.values()].filter(({ failure }) => failure?.S === "queue-refused").length;
      if (delivered.size !== 4 - refused) history.violated(`${delivered.size} of 4 events were delivered`);
      for (const item of world.rows.rows.values()) {
        if (item.sk?.S?.startsWith("NOTIFICATION#") && outside.struck.length === 0 && item.attemptCount?.N !== "1")
          history.violated(`${item.pk?.S}: ${item.attemptCount?.N} attempts`);
      }
    },
  },

  /** Two events of an audit, and the first fails three times. */
  "ordered-delivery": {
    async run(world) {
      const endpoint = await world.subscribe("a", { eventNames: ["audit.in_progress", "audit.closed"], ordered: true });
      endpoint.responses = [500, 500, 500];
      await filed(world);
      for (const id of world.kard.audits.keys()) world.kard.start(id);
      await firstPoll(world);
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await minutes(world, 10);
    },
    expect(world) {
      everyoneGot(world, ["a"], "audit.closed");
      const delivered = (world.endpoints.all.get("https://a.example/")?.received ?? [])
        .filter(({ statusCode }) => statusCode < 300)
        .map(({ body }) => JSON.parse(body).data.sequence as number);
      const first = [...new Set(delivered)];
      if (first.some((sequence, place) => sequence < (first[place - 1] ?? 0)))
        world.history.violated(`it got ${first.join()} in this order`);
    },
  },

  replay: {
    async run(world) {
      const endpoint = await world.subscribe("a");
      await closedAudit(world);
      await firstPoll(world);
      const before = endpoint.received.length;
      if ((await world.replayAll()) === 0) return;
      endpoint.responses.push(500);
      world.replayed = { endpoint, after: before };
    },
    expect(world) {
      const { endpoint, after = 0 } = world.replayed ?? {};
      const again = endpoint?.received.slice(after).some(({ statusCode }) => statusCode < 300);
      if (endpoint !== undefined && !again && !isRefusedFor(world, "a", "audit.closed"))
        world.history.violated("what was replayed never came");
    },
  },
};
