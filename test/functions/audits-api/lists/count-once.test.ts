import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Audit } from "../../../../functions/core/audits/audit.ts";
import { dayMs } from "../../../../functions/core/stats/day-figures.ts";
import { indexSettlesAfterMs } from "../../../../functions/core/stats/roll-up.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { close, cutShort, failing, file, hour, read } from "./stats-world.ts";

test("each audit is counted once, whatever runs at the same time, fails or is cut short", async () => {
  const steps = fc.array(fc.constantFrom("file", "close", "read", "read-twice", "fail", "cut", "wait", "day"), {
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const world = fakeWorld();
      const open: Audit[] = [];
      let filed = 0;
      let closed = 0;
      for (const step of all) {
        if (step === "file") open.push(await file(world, `audit-${++filed}`));
        const audit = step === "close" ? open.pop() : undefined;
        if (audit !== undefined) {
          await close(world, audit);
          closed++;
        }
        if (step === "read") await read(world);
        if (step === "read-twice") await Promise.all([read(world), read(world)]);
        if (step === "fail") await read(failing(world)).catch(() => undefined);
        if (step === "cut") await read(cutShort(world));
        world.time.advance(step === "wait" ? indexSettlesAfterMs : step === "day" ? dayMs / 3 : 1_000);
      }
      world.time.advance(indexSettlesAfterMs + 1);
      const { days, resolutionCodes } = await read(world);
      const sum = (name: "filed" | "closed") => days.reduce((total, day) => total + day[name], 0);
      expect({ filed: sum("filed"), closed: sum("closed") }).toEqual({ filed, closed });
      expect(resolutionCodes["5004"] ?? 0).toBe(closed);
      expect(days.every(({ isComplete }) => isComplete)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("a clock that is behind another function's does not count an audit twice", async () => {
  const world = fakeWorld();
  world.time.advance(hour);
  await file(world, "a");
  world.time.advance(indexSettlesAfterMs + 1_000);
  await read({ ...world, source: { ...world.source, settled: cutShort(world).source.settled } });
  const behind = world.clock() - 2_000;
  await read({ ...world, clock: () => behind });
  world.time.advance(hour);
  expect((await read(world)).days.at(-1)).toMatchObject({ filed: 1, isComplete: true });
});
