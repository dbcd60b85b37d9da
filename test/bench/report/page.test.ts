import { expect, test } from "@jest/globals";
import { benchmarksPage } from "./page.ts";
import { inOrder, type Measured } from "./stored-results.ts";

const measured: Measured = {
  ...{ measuredOn: "2026-11-30", node: "24.21.0", machine: "2 cores of a processor with 8 GB", result: { ratio: 0.5 } },
  description: {
    about: "Creates beside a bare handler.",
    figures: [
      { what: "creates | second", result: "100", comparedTo: "bare handler 200: ratio 0.50" },
      { what: "write units", result: "10" },
    ],
    meaning: "At 1, nothing but the calls costs time.",
    peers: { Redis: "7.0.15" },
  },
  image: { file: "growth.svg", alt: "Times by audits" },
};

test("a section has its table, its meaning, its image and where it was measured", () => {
  expect(benchmarksPage({ submit: measured })).toContain(`## submit

Creates beside a bare handler.

|  | result | compared to |
| --- | --- | --- |
| creates \\| second | 100 | bare handler 200: ratio 0.50 |
| write units | 10 |  |

At 1, nothing but the calls costs time.

![Times by audits](images/growth.svg)

*Measured on 2026-11-30 with Node.js 24.21.0, Redis 7.0.15, on 2 cores of a processor with 8 GB.*
`);
});

test("sections follow the given order, and a benchmark without a result has none", () => {
  const page = benchmarksPage(
    inOrder({ poll: measured, gone: measured, submit: measured }, ["submit", "deliver", "poll"]),
  );

  expect(page.match(/^## .*/gm)).toEqual(["## submit", "## poll"]);
});

test("no line of text is longer than 118 characters", () => {
  const about = "word ".repeat(100).trim();
  const page = benchmarksPage({ submit: { ...measured, description: { ...measured.description, about } } });

  const lines = page.split("\n").filter((line) => !line.startsWith("|"));
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(118);
});
