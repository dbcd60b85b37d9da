import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { RequestCounts } from "../../../functions/core/access/ports.ts";
import { noon } from "../../support/fake-clock.ts";

export interface OpenRequestCounts {
  requestCounts: RequestCounts;
  close: () => Promise<void>;
}

export function describeRequestCountsContract(name: string, open: () => Promise<OpenRequestCounts>): void {
  describe(`RequestCounts: ${name}`, () => {
    let counts: RequestCounts;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ requestCounts: counts, close } = await open());
    });
    afterEach(() => close());

    test("concurrent additions are summed", async () => {
      expect(await counts.add("key", 1, 3, noon)).toBe(3);
      const sums = await Promise.all([1, 2, 4].map((requests) => counts.add("key", 1, requests, noon)));
      expect(Math.max(...sums)).toBe(10);
      expect(await counts.add("key", 1, 1, noon)).toBe(11);
    });

    test("callers and windows are counted separately", async () => {
      await counts.add("key", 1, 5, noon);
      expect(await counts.add("key", 2, 1, noon)).toBe(1);
      expect(await counts.add("other", 1, 1, noon)).toBe(1);
    });
  });
}
