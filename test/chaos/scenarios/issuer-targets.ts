import type { Scenario } from "../scenario.ts";
import { targetArns, unlistedArn } from "../world/issuer-targets.ts";
import { closedAudit, everyoneGot, filed, firstPoll, isRefusedFor, minutes } from "./steps.ts";

/** Queues and event buses of issuers, and what is sent to any endpoint. */
export const issuerTargetScenarios: Record<string, Scenario> = {
  /** A queue whose policy is missing at first, and a bus that is throttled. */
  "issuer-targets": {
    async run(world) {
      const queue = await world.subscribe("queue", { webhookUrl: targetArns.queue, ordered: true });
      const bus = await world.subscribe("bus", { webhookUrl: targetArns.bus });
      queue.responses = [403, 404, 500];
      bus.responses = [429, 400, 403];
      await filed(world);
      for (const id of world.kard.audits.keys()) world.kard.start(id);
      await firstPoll(world);
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await minutes(world, 2);
    },
    expect(world) {
      for (const [name, arn] of Object.entries(targetArns)) {
        const isClosing = ({ body, statusCode }: { body: string; statusCode: number }) =>
          JSON.parse(body).type === "audit.closed" && statusCode < 300;
        const arrived = world.endpoints.all.get(arn)?.received.some(isClosing);
        if (!arrived && !isRefusedFor(world, name, "audit.closed")) world.history.violated(`${name} never got it`);
      }
    },
  },

  /** A bus in an account that was taken off the list. */
  "unlisted-account": {
    isPlayedWithFaults: false,
    async run(world) {
      await world.subscribe("unlisted", { webhookUrl: unlistedArn, retrySchedule: [1] });
      await closedAudit(world);
      await firstPoll(world);
    },
    expect(world) {
      if (world.endpoints.all.get(unlistedArn)?.received.length !== 0)
        world.history.violated("an account that is not listed got events");
      const rows = [...world.rows.rows.values()].filter(({ sk }) => sk?.S?.endsWith("#unlisted"));
      if (!rows.some(({ status }) => status?.S === "delivery_failed")) world.history.violated("it was not given up");
    },
  },

  /** Without the content of the audit, also in a retry. */
  "thin-payload": {
    async run(world) {
      const endpoint = await world.subscribe("thin", { payload: "thin" });
      await world.subscribe("full");
      endpoint.responses = [500];
      await closedAudit(world);
      await firstPoll(world);
    },
    expect: (world) => everyoneGot(world, ["thin", "full"], "audit.closed"),
  },
};
