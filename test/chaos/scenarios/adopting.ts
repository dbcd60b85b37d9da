import type { Scenario } from "../scenario.ts";
import { everyoneGot, filed, lostCreate, minute, minutes, request } from "./steps.ts";

export const adoptingScenarios: Record<string, Scenario> = {
  /** Two issuers with one Kard credential: each can read the other's audits at Kard. */
  "adopt-of-another-issuer": {
    async run(world) {
      world.organizations.push("org", "other");
      await world.subscribe("foreign", { organizationId: "other" });
      await filed(world);
      for (const id of world.kard.audits.keys()) {
        await Promise.all(
          [1, 2].map(() => world.invoke("audits-api", (its) => its.adopt("other", "user", [id, `${id}-unknown`]))),
        );
      }
    },
    expect({ rows, history }) {
      const foreign = [...rows.rows.values()].filter(({ pk }) => pk?.S?.startsWith("AUDIT#other#"));
      if (foreign.length > 0) history.violated("an issuer has adopted another's audit");
    },
  },

  /** Kard shows the audit to both, and neither issuer is known yet. */
  "adopt-by-two-issuers": {
    async run(world) {
      const id = world.kard.seed(undefined, "user", request("old"));
      await Promise.all(["org", "other"].map((organization) => world.adopt(organization, [id])));
    },
  },

  "resolve-by-kard-id": {
    async run(world) {
      await world.subscribe("a");
      const audit = await lostCreate(world);
      for (const id of world.kard.audits.keys()) {
        await world.resolve("org", audit, id);
        world.kard.close(id);
      }
      world.kard.setMute(false);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  "adopt-what-a-lost-create-made": {
    async run(world) {
      await lostCreate(world);
      const ids = [...world.kard.audits.keys()];
      await world.adopt("org", ids);
      world.kard.setMute(false);
    },
    expect({ rows, history, outside }) {
      // The unconfirmed audit is found in an index, which may lag.
      const isIndexLate = outside.struck.some((fault) => fault.startsWith("stale"));
      const audits = [...rows.rows.values()].filter(({ sk }) => sk?.S === "AUDIT");
      if (audits.length > 1 && !isIndexLate) history.violated("an adoption has made a second audit");
    },
  },

  adopt: {
    async run(world) {
      await world.subscribe("a");
      const lookup = world.kard.seed("org", "user", request("old"));
      world.kard.start(lookup);
      await world.adopt("org", [lookup]);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  /** Kard hangs, then throttles, and answers only after all adoptions were requested. */
  "adopt-without-kard": {
    async run(world) {
      await world.subscribe("a");
      const [one = "", two = "", three = ""] = ["one", "two", "three"].map((name) =>
        world.kard.seed("org", "user", request(name)),
      );
      world.kard.setTrouble("org", { outcome: "failed", reason: "timeout" });
      await world.adopt("org", [one, two]);
      await minutes(world, 1);
      world.kard.setTrouble("org", { outcome: "throttled", retryAfterMs: 5 * minute });
      await world.adopt("org", [three, one, "unknown-at-kard"]);
      await minutes(world, 2);
      world.kard.setTrouble("org", undefined);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },
};
