import type { Scenario } from "../scenario.ts";
import { refusedDescription } from "../world/kard/kard.ts";
import { filed, idempotency, minute, minutes, request, second } from "./steps.ts";

export const submittingScenarios: Record<string, Scenario> = {
  "submit-one": {
    async run(world) {
      await world.submit({ requests: [request("one")] });
    },
  },

  "submit-batch": {
    async run(world) {
      const refused = { auditDescription: refusedDescription };
      const requests = [
        request("1"),
        request("2", refused),
        request("3"),
        request("3", { auditDescription: "The same again" }),
      ];
      await world.submit({ requests });
      // Another issuer's audit of the same transaction and user.
      await world.submit({ organizationId: "other", requests: [request("1")] });
    },
  },

  /**
   * A client of Kard's SDKs that loses responses: it repeats the same bytes twice within seconds, without a key. The
   * repeats are in another window than the first.
   */
  "sdk-repeats": {
    async run(world) {
      const repeated = { requests: [request("one"), request("two")], fingerprint: "print-1" };
      await world.wait(10 * minute - second);
      await world.submit(repeated);
      await world.wait(2 * second);
      await world.submit(repeated);
      await world.wait(minute);
      await Promise.all([world.submit(repeated), world.submit(repeated)]);
    },
    expect({ rows, history }) {
      const filed = [...rows.rows.values()].filter(({ sk }) => sk?.S === "AUDIT");
      if (filed.length > 2) history.violated(`${filed.length} audits of a request for two`);
    },
  },

  "kard-down-and-back": {
    async run(world) {
      world.kard.setDown(true);
      await world.submit({ requests: [request("one"), request("two")] });
      await minutes(world, 3);
      world.kard.setDown(false);
    },
  },

  /** So that a fault at the second create finds an audit that Kard definitely does not have. */
  "create-throttled": {
    async run(world) {
      world.kard.setThrottling(true);
      await filed(world);
      world.kard.setThrottling(false);
      await minutes(world, 3);
    },
  },

  "idempotent-repeat": {
    async run(world) {
      const requests = [request("1"), request("2"), request("3")];
      await world.submit({ requests, idempotency });
      await Promise.all([world.submit({ requests, idempotency }), world.submit({ requests, idempotency })]);
      await world.submit({ requests: [request("9")], idempotency: { ...idempotency, fingerprint: "print-2" } });
      await minutes(world, 2);
      await world.submit({ requests, idempotency });
    },
    expect({ submitted, history }) {
      const responses = new Set(
        submitted.filter(({ auditIds }) => auditIds.length === 3).map((one) => one.auditIds.join()),
      );
      if (responses.size > 1) history.violated("one Idempotency-Key names several audits");
    },
  },
};
