import { describe, expect, test } from "@jest/globals";
import type { Audit } from "../../../../functions/core/audits/audit.ts";
import { applyKardStatus } from "../../../../functions/core/tracking/apply-kard-status.ts";
import {
  afterRewards,
  followUpPatienceMs,
  followUpStep,
  withFollowUp,
} from "../../../../functions/core/tracking/follow-up.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { closedAtKard, openAudit } from "../../../support/sample-audits.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const after = 30 * day;
const reward = { transactionId: "transaction-1", amountInCents: 1_000, commission: "50 CENTS" };

function closed(resolutionCode: number | null, changes: Partial<Audit> = {}): Audit {
  const { lane: _lane, laneAt: _laneAt, ...audit } = openAudit({ status: "CLOSED", settledAt: noon });
  return {
    ...audit,
    resolution: { resolutionCode, resolutionDescription: null, resolutionTimeStamp: null },
    ...changes,
  };
}

const followed = (code: number, changes: Partial<Audit> = {}) => withFollowUp(closed(code, changes), after, noon);

describe("a closed audit", () => {
  test.each([
    [5002, noon],
    [5003, noon],
    [5007, noon + after],
    [5008, noon + after],
  ])("with code %d is in lane FOLLOWUP", (code, laneAt) => {
    expect(followed(code)).toMatchObject({
      ...{ lane: "FOLLOWUP", laneAt, fulfilment: "pending", followUp: { dueAt: noon + after } },
    });
  });

  test.each([5001, 5004, 9005, 1, null])("with code %p promises nothing and stays as it is", (code) => {
    const audit = closed(code);
    expect(withFollowUp(audit, after, noon)).toBe(audit);
  });

  test("stays as it is while follow-ups are turned off, or without a user", () => {
    const audit = closed(5002);
    expect(withFollowUp(audit, undefined, noon)).toBe(audit);
    const { userId: _userId, ...legacy } = audit;
    expect(withFollowUp(legacy, after, noon)).toBe(legacy);
    const request = { ...legacy.request, referringPartnerUserId: "user-9" };
    expect(withFollowUp({ ...legacy, request }, after, noon)).toMatchObject({ lane: "FOLLOWUP" });
  });
});

test("Kard's resolution and the follow-up are stored in one write", async () => {
  const world = fakeWorld();
  await world.audits.create(openAudit());
  const { update } = world.audits;
  let writes = 0;
  world.audits.update = (...given) => {
    writes++;
    return update(...given);
  };
  const resolution = { resolutionCode: 5002, resolutionDescription: null, resolutionTimeStamp: null };
  await applyKardStatus({ ...world, followUpAfterMs: after })(openAudit(), { ...closedAtKard(), resolution } as never);
  expect(writes).toBe(1);
  const stored = await world.audits.get(openAudit());
  expect(stored).toMatchObject({ status: "CLOSED", lane: "FOLLOWUP", events: { e1: { type: "audit.closed" } } });
});

describe("an adjustment", () => {
  test("is compared with the reward soon after the resolution", () => {
    const first = followed(5002);
    expect(followUpStep(first, noon)).toBe("before");
    const read = afterRewards(first, "before", { found: reward }, noon + minute);
    expect(read).toMatchObject({ laneAt: noon + after, followUp: { before: reward }, fulfilment: "pending" });
    expect(followUpStep(read, noon + after)).toBe("after");
    const kept = afterRewards(read, "after", { found: { ...reward, amountInCents: 2_000 } }, noon + after);
    expect(kept).toMatchObject({ fulfilment: "fulfilled", fulfilmentAt: noon + after });
    expect(kept.events.e1).toMatchObject({ type: "audit.fulfilled" });
    expect(JSON.parse(kept.events.e1?.body ?? "").data.attributes).toMatchObject({ fulfilment: "fulfilled" });
    const broken = afterRewards(read, "after", { found: reward }, noon + after);
    expect(broken).toMatchObject({ fulfilment: "unfulfilled", events: { e1: { type: "audit.unfulfilled" } } });
    for (const ended of [kept, broken]) expect(ended.lane ?? ended.laneAt).toBeUndefined();
  });

  test("of a transaction without a reward is kept if it has one later", () => {
    const read = afterRewards(followed(5003), "before", { found: undefined }, noon);
    expect(read.followUp).toEqual({ dueAt: noon + after, before: null });
    expect(afterRewards(read, "after", { found: reward }, noon + after)).toMatchObject({ fulfilment: "fulfilled" });
  });

  test("is read again if its amount is missing, and ends as unknown after a week", () => {
    const read = afterRewards(followed(5002), "before", { found: reward }, noon);
    const found = { transactionId: reward.transactionId };
    const later = afterRewards(read, "after", { found }, noon + after);
    expect(later).toMatchObject({ lane: "FOLLOWUP", laneAt: noon + after + 5 * minute, fulfilment: "pending" });
    const ended = afterRewards(later, "after", { found }, noon + after + followUpPatienceMs);
    expect(ended).toMatchObject({ fulfilment: "unknown", events: {} });
  });

  test("ends as unknown, without an event, if there is nothing to compare with", () => {
    const late = followed(5002);
    expect(followUpStep(late, noon + after)).toBe("nothing");
    const ended = afterRewards(late, "nothing", { unreadableForMs: 0 }, noon + after);
    expect(ended).toMatchObject({ fulfilment: "unknown", sequence: 0, events: {} });
    expect(ended.lane ?? ended.laneAt).toBeUndefined();
  });
});

describe("while Kard does not answer", () => {
  test("tries become rarer, as Kard asks, and end after a week", () => {
    let audit = followed(5007);
    let now = noon + after;
    const waits: number[] = [];
    while (audit.lane === "FOLLOWUP" && waits.length < 100) {
      audit = afterRewards(audit, "after", { unreadableForMs: 0 }, now);
      waits.push((audit.laneAt ?? now) - now);
      now = audit.laneAt ?? now;
    }
    expect(waits.slice(0, 3)).toEqual([5 * minute, 5 * minute, 10 * minute]);
    expect(Math.max(...waits)).toBe(day);
    expect(waits.length).toBeLessThan(25);
    expect(now).toBeGreaterThanOrEqual(noon + after + followUpPatienceMs);
    expect(audit).toMatchObject({ fulfilment: "unknown", sequence: 0 });
  });

  test("Kard's Retry-After is kept", () => {
    const waiting = afterRewards(followed(5007), "after", { unreadableForMs: 60 * minute }, noon + after);
    expect(waiting.laneAt).toBe(noon + after + 60 * minute);
  });

  test("an answer ends the failure", () => {
    const failing = afterRewards(followed(5002), "before", { unreadableForMs: 0 }, noon);
    expect(failing.followUp).toMatchObject({ failingSince: noon });
    expect(afterRewards(failing, "before", { found: reward }, noon + 1).followUp).not.toHaveProperty("failingSince");
  });
});
