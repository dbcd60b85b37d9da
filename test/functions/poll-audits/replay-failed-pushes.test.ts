import { expect, test } from "@jest/globals";
import type { KardPushes } from "../../../functions/core/kard-ports.ts";
import { replayFailedPushes } from "../../../functions/poll-audits/replay-failed-pushes.ts";

const forEver = Number.POSITIVE_INFINITY;

/** A Kard whose failed pushes come in pages of two; `refuse` names those whose replay does not work. */
function kardWith(failed: Record<string, string[]>, refuse: Record<string, "missing" | "throttled"> = {}) {
  const replayed: string[] = [];
  const kard: Pick<KardPushes, "listFailedPushes" | "replayPush"> = {
    async listFailedPushes(organizationId, page = "0") {
      const from = Number(page);
      const ids = failed[organizationId] ?? [];
      const next = from + 2 < ids.length ? String(from + 2) : undefined;
      return { outcome: "listed", eventIds: ids.slice(from, from + 2), next };
    },
    async replayPush(_, eventId) {
      const refusal = refuse[eventId];
      if (refusal === "throttled") return { outcome: "throttled", retryAfterMs: undefined };
      if (refusal === "missing") return { outcome: "missing" };
      replayed.push(eventId);
      return { outcome: "replayed" };
    },
  };
  return { kard, replayed };
}

const issuers = (...organizations: string[]) => ({ list: async () => organizations });

test("all failed pushes of all issuers are sent again, whatever the number of pages", async () => {
  const { kard, replayed } = kardWith({ a: ["a1", "a2", "a3", "a4", "a5"], b: ["b1"], c: ["c1"] });
  const run = replayFailedPushes({ kard, pushSubscriptions: issuers("a", "b"), clock: () => 0 });
  expect(await run(forEver)).toEqual({ organizations: 2, replayed: 6, failed: 0, stopped: false });
  expect(replayed).toEqual(["a1", "a2", "a3", "a4", "a5", "b1"]);
});

test("one that Kard does not replay is counted, and the others are", async () => {
  const { kard, replayed } = kardWith({ a: ["a1", "a2"] }, { a1: "missing" });
  const run = replayFailedPushes({ kard, pushSubscriptions: issuers("a"), clock: () => 0 });
  expect(await run(forEver)).toMatchObject({ replayed: 1, failed: 1 });
  expect(replayed).toEqual(["a2"]);
});

test("a 429 ends it, and so does the time", async () => {
  const throttling = kardWith({ a: ["a1", "a2", "a3"] }, { a2: "throttled" });
  const run = replayFailedPushes({ kard: throttling.kard, pushSubscriptions: issuers("a"), clock: () => 0 });
  expect(await run(forEver)).toMatchObject({ replayed: 1, stopped: true });

  const late = kardWith({ a: ["a1"] });
  const lateRun = replayFailedPushes({ kard: late.kard, pushSubscriptions: issuers("a"), clock: () => 10 });
  expect(await lateRun(10)).toMatchObject({ replayed: 0, stopped: true });
});
