import { expect } from "@jest/globals";
import type { DrawnChart } from "../../support/console/chart-page.ts";

export const huge = Number.MAX_SAFE_INTEGER;
export const rightToLeft = "\u05de\u05e1\u05e2\u05d3\u05d4 123 \u0645\u0637\u0639\u0645";

/** No rectangle leaves its view box, and the content does not leave its place. */
export function expectInside({ pictures, overflow }: DrawnChart) {
  for (const { width, height, rectangles } of pictures)
    for (const { x, y, ...size } of rectangles) {
      expect(Math.min(x, y, size.width, size.height)).toBeGreaterThanOrEqual(0);
      expect(x + size.width).toBeLessThanOrEqual(width + 0.001);
      expect(y + size.height).toBeLessThanOrEqual(height + 0.001);
    }
  expect(overflow).toBe(0);
}
