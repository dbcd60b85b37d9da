import { expect, test } from "@jest/globals";
import { resolutionCodes } from "../../../../functions/core/kard/resolution-meanings.ts";
import { isKept } from "../../../../functions/core/kard/rewards.ts";

const reward = { transactionId: "t1", amountInCents: 1_000, commission: "50 CENTS" };

test.each([
  ["resend", undefined, undefined, false],
  ["resend", undefined, reward, true],
  ["resend", reward, reward, true],
  ["adjustment", undefined, undefined, false],
  ["adjustment", reward, undefined, false],
  ["adjustment", reward, reward, false],
  ["adjustment", undefined, reward, true],
  ["adjustment", reward, { ...reward, amountInCents: 1_100 }, true],
  ["adjustment", reward, { ...reward, commission: "55 CENTS" }, true],
  ["adjustment", reward, { transactionId: "t1" }, undefined],
  ["adjustment", reward, { transactionId: "t1", amountInCents: 1_000 }, undefined],
  ["adjustment", reward, { transactionId: "t1", commission: "50 CENTS" }, undefined],
  ["adjustment", reward, { transactionId: "t1", amountInCents: 1_100 }, true],
  ["adjustment", { transactionId: "t1", amountInCents: 1_000 }, reward, undefined],
  ["adjustment", { transactionId: "t1", amountInCents: 900 }, reward, true],
] as const)("a promised %s with %p before and %p now: kept is %p", (promise, before, now, kept) => {
  expect(isKept(promise, before, now)).toBe(kept);
});

test("the codes that promise something are those whose adjustment is pending", () => {
  const promising = Object.entries(resolutionCodes).filter(([, { promise }]) => promise !== undefined);
  expect(promising.map(([code]) => Number(code))).toEqual([5002, 5003, 5007, 5008]);
  for (const [, { outcome }] of promising) expect(outcome).toBe("pending_adjustment");
});
