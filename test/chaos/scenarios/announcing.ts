import { notificationStatus } from "../../../functions/core/notifications/notification.ts";
import type { Scenario } from "../scenario.ts";
import { closedAudit, day, everyoneGot, filed, firstPoll, isRefusedFor, minutes, request } from "./steps.ts";

/** Events for the owner's bus and topic, and events about webhooks for all who hear of them. */
export const announcingScenarios: Record<string, Scenario> = {
  "publish-to-targets": {
    hasTargets: true,
    async run(world) {
      await world.subscribe("a");
      await filed(world);
      for (const id of world.kard.audits.keys()) world.kard.start(id);
      await firstPoll(world);
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await minutes(world, 2);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  "disable-and-recover": {
    hasTargets: true,
    async run(world) {
      const endpoint = await world.subscribe("a");
      await world.subscribe("watcher", { eventNames: ["subscription.disabled"] });
      endpoint.responses = [410];
      for (const name of ["one", "two"]) await filed(world, name);
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await firstPoll(world);
      const key = { organizationId: "org", subscriptionId: "a" };
      await world.insist("subscriptions-api", (its) => its.update(key, { enabled: false }));
      await minutes(world, 2);
      await world.insist("subscriptions-api", (its) => its.update(key, { enabled: true }));
      const statuses = notificationStatus.exclude(["delivered"]).options;
      const since = { ...key, since: 0, statuses, dryRun: false, from: undefined };
      await world.insist("subscriptions-api", (its) => its.recover(since));
      await world.deliver();
    },
    expect(world) {
      // A fault may delay its 410 until after it was enabled. Then everything is held.
      const stored = world.rows.rows.get(JSON.stringify(["ISSUER#org", "SUBSCRIPTION#a"]));
      if (stored?.enabled?.BOOL === true) everyoneGot(world, ["a"], "audit.closed");
      if (stored?.sequence?.N === "1") everyoneGot(world, ["watcher"], "subscription.disabled");
    },
  },

  /** The seventh failure is the first after twelve hours. */
  "failing-and-recovered": {
    hasTargets: true,
    async run(world) {
      const endpoint = await world.subscribe("a");
      await world.subscribe("watcher", { eventNames: ["subscription.failing", "subscription.recovered"] });
      endpoint.responses = Array.from({ length: 7 }, () => 500);
      await closedAudit(world);
      await firstPoll(world);
    },
    expect(world) {
      const stored = world.rows.rows.get(JSON.stringify(["ISSUER#org", "SUBSCRIPTION#a"]));
      if (stored?.events !== undefined) world.history.violated("an event about an endpoint waits for ever");
      // A message that the queue refuses for good ends the attempts before they count as failing.
      if (isRefusedFor(world, "a", "audit.closed")) return;
      // With an outage beside its own failures, the endpoint may use up all attempts, and does not recover.
      const isGivenUp = [...world.rows.rows.values()].some(({ status }) => status?.S === "delivery_failed");
      if (isGivenUp && world.outside.struck.length > 0) return everyoneGot(world, ["watcher"], "subscription.failing");
      everyoneGot(world, ["a"], "audit.closed");
      // A fault may use up an answer, so that the endpoint recovers before it is announced as failing.
      const announced = ["subscription.failing", "subscription.recovered"].slice(0, Number(stored?.eventCount?.N ?? 0));
      for (const type of announced) everyoneGot(world, ["watcher"], type);
      if (world.outside.struck.length === 0 && announced.length < 2) world.history.violated("nothing was announced");
    },
  },

  "given-up": {
    hasTargets: true,
    async run(world) {
      const endpoint = await world.subscribe("a");
      await world.subscribe("watcher", { eventNames: ["notification.failed"] });
      endpoint.responses = Array.from({ length: 10 }, () => 500);
      await closedAudit(world);
      await firstPoll(world);
    },
    expect(world) {
      const rows = [...world.rows.rows.values()].filter(({ sk }) => sk?.S?.endsWith("#a"));
      const failed = rows.some(({ status }) => status?.S === "delivery_failed");
      if (failed) everyoneGot(world, ["watcher"], "notification.failed");
      if (world.outside.struck.length === 0 && !failed) world.history.violated("it was not given up");
      // It failed for 12 and for 48 hours.
      const warnings = world.rows.rows.get(JSON.stringify(["ISSUER#org", "SUBSCRIPTION#a"]))?.eventCount?.N;
      if (world.outside.struck.length === 0 && warnings !== "2") world.history.violated(`${warnings} warnings`);
    },
  },

  /** Two failures, six days apart, with nothing between them: the second is a warning, and disables nothing. */
  "warned-before-disabled": {
    hasTargets: true,
    async run(world) {
      const endpoint = await world.subscribe("a", { retrySchedule: [1] });
      await world.subscribe("watcher", { eventNames: ["subscription.failing"] });
      endpoint.responses = Array.from({ length: 4 }, () => 500);
      await closedAudit(world);
      await firstPoll(world);
      await world.wait(6 * day);
      await filed(world, "two");
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await firstPoll(world);
    },
    expect(world) {
      const stored = world.rows.rows.get(JSON.stringify(["ISSUER#org", "SUBSCRIPTION#a"]));
      if (stored?.enabled?.BOOL !== true) world.history.violated("it was disabled without a warning a day before");
      if (Number(stored?.eventCount?.N ?? 0) > 0) everyoneGot(world, ["watcher"], "subscription.failing");
      else if (world.outside.struck.length === 0) world.history.violated("nobody was warned");
    },
  },

  /** An endpoint of each of two issuers is gone. */
  "contacts-of-two-issuers": {
    hasTargets: true,
    async run(world) {
      for (const organizationId of ["org", "another"]) {
        const endpoint = await world.subscribe(organizationId, { organizationId });
        endpoint.responses = [410];
        const idempotency = { key: organizationId, fingerprint: organizationId };
        const requests = [request(organizationId)];
        await world.insist("audits-api", (its) =>
          its.submit({ organizationId, userId: "user", requests, idempotency }),
        );
      }
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await firstPoll(world);
    },
  },
};
