import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { addTime, type Durations, mergedDurations, quantile } from "../../../../functions/core/stats/durations.ts";

test("quantiles are within 5 % of the exact ones, however the durations are split", () => {
  const durations = fc.array(fc.integer({ min: 1_000, max: 10_000_000_000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(durations, fc.constantFrom(0.5, 0.9), fc.nat({ max: 60 }), (all, share, split) => {
      const parts: Record<string, Durations> = {};
      for (const [i, duration] of all.entries()) addTime(parts, i < split ? "one" : "other", duration);
      const merged = mergedDurations(Object.values(parts));
      const exact = all.toSorted((a, b) => a - b)[Math.ceil(all.length * share) - 1] ?? 0;
      expect(merged.count).toBe(all.length);
      expect(Math.abs(quantile(merged, share) - exact)).toBeLessThanOrEqual(exact * 0.05 + 1);
    }),
  );
});
