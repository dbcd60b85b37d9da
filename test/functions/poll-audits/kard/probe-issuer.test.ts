import { expect, test } from "@jest/globals";
import type { IssuerCalls } from "../../../../functions/poll-audits/kard/kard-calls.ts";
import { probeIssuer } from "../../../../functions/poll-audits/kard/probe-issuer.ts";
import type { PollOneDeps } from "../../../../functions/poll-audits/poll-one.ts";
import { pollerWorld } from "../../../support/polling/poller-world.ts";

test("if one shard cannot be read, the other reads are awaited, and the issuer is not idle", async () => {
  const { lanes } = pollerWorld().stores;
  const unreadable = new Error("throttled by the table");
  const others = Promise.withResolvers<void>();
  const due: typeof lanes.due = async (lane, of, ...rest) => {
    if (lane !== "SUBMIT") return lanes.due(lane, of, ...rest);
    if (of.shard === 0) throw unreadable;
    await others.promise;
    return lanes.due(lane, of, ...rest);
  };
  let hasEnded = false;
  const deps = { lanes: { ...lanes, due } } as PollOneDeps & { lanes: typeof lanes };
  const probed = probeIssuer(deps, {} as IssuerCalls, "org").finally(() => {
    hasEnded = true;
  });
  await new Promise((passed) => setImmediate(passed));
  expect(hasEnded).toBe(false);
  others.resolve();
  expect(await probed).toEqual({ isIdle: false, counts: {}, errors: [unreadable] });
});
