import fc from "fast-check";
import type { Band } from "../../../functions/core/tracking/poll-plan.ts";

/** All poll times of a band up to `end`, counted one by one. */
export function pollTimesOf(band: Band, acceptedAt: number, end: number): number[] {
  const times: number[] = [];
  for (let age = band.from; age <= (band.to ?? end - acceptedAt); age += band.gap) {
    const late = (acceptedAt + age) % band.resolution;
    const time = acceptedAt + age + (late === 0 ? 0 : band.resolution - late);
    if (time <= end) times.push(time);
  }
  return times;
}

/** Plans of one to four bands, in a small unit. */
export const anyBands: fc.Arbitrary<Band[]> = fc
  .array(
    fc.record({
      apart: fc.integer({ min: 1, max: 60 }),
      gap: fc.integer({ min: 1, max: 60 }),
      polls: fc.integer({ min: 0, max: 8 }),
      resolution: fc.integer({ min: 1, max: 40 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((given) => {
    let end = 0;
    return given.map(({ apart, gap, polls, resolution }, index) => {
      const from = end + apart;
      end = from + polls * gap;
      return { from, to: index === given.length - 1 ? null : end, gap, resolution };
    });
  });
