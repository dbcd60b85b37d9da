import { expect, test } from "@jest/globals";
import { pollerWorld } from "../../support/polling/poller-world.ts";
import { day } from "./failing-kard.ts";

const issuers = ["org-1", "org-2", "org-3", "org-4"];
const auditsPerIssuer = 40;
/** A user's rewards: so many pages of settled ones, and one page of others. */
const settledPages = 7;
const callsPerAudit = settledPages + 1;
const callsPerSecond = 5;

test("follow-ups that need more calls than a tick has are finished one after another", async () => {
  const world = pollerWorld({ followUpAfterMs: 30 * day, callsPerSecond });
  const names = Array.from({ length: auditsPerIssuer }, (_, number) => `a${number}`);
  for (const organizationId of issuers) {
    world.stores.state.issuers.add(organizationId);
    for (const name of names) {
      await world.accept(`${organizationId}-${name}`, 31 * day, {
        ...{ organizationId, userId: name, status: "CLOSED", settledAt: world.time.clock() - 30 * day },
        ...{ lane: "FOLLOWUP", laneAt: 1, fulfilment: "pending", followUp: { dueAt: world.time.clock() } },
        resolution: { resolutionCode: 5007, resolutionDescription: null, resolutionTimeStamp: null },
      });
    }
  }
  let calls = 0;
  world.deps.kard = {
    ...world.deps.kard,
    async getEarnedRewards(_organizationId, _userId, status, after) {
      calls++;
      await world.time.sleep(100);
      const page = Number(after ?? "1");
      const next = status === "SETTLED" && page < settledPages ? String(page + 1) : undefined;
      return { outcome: "page", rewards: [], next };
    },
  };
  const left = async () => {
    const audits = issuers.flatMap((organizationId) =>
      names.map((name) => world.auditOf(`${organizationId}-${name}`, organizationId)),
    );
    return (await Promise.all(audits)).filter(({ fulfilment }) => fulfilment === "pending").length;
  };

  const needed = issuers.length * auditsPerIssuer * callsPerAudit;
  for (let tick = 0; (await left()) > 0 && tick < 30; tick++) {
    await world.cleanTick();
    world.wait(15_000);
  }
  expect(await left()).toBe(0);
  expect(calls).toBeLessThan(1.1 * needed);
});
