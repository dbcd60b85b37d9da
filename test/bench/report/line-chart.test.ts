import { expect, test } from "@jest/globals";
import { lineChart } from "./line-chart.ts";

const chart = {
  ...{ title: "Times & audits", xLabel: "stored audits", yLabel: "ms", x: [1_000, 10_000, 1_000_000] },
  series: [
    { name: "submit", values: [10, 10, 10] },
    { name: "list", values: [11, 100, 10.5] },
  ],
};

const points = (svg: string) =>
  [...svg.matchAll(/points="([^"]*)"/g)].map(([, all = ""]) =>
    all.split(" ").map((point) => point.split(",").map(Number)),
  );

test("a value that stays the same is a level line over a logarithmic axis", () => {
  const [submit = [], list = []] = points(lineChart(chart));

  expect(new Set(submit.map(([, y]) => y)).size).toBe(1);
  const [first = 0, second = 0, third = 0] = submit.map(([x]) => x ?? 0);
  expect((third - second) / (second - first)).toBeCloseTo(2, 1);
  expect(list[1]?.[1]).toBeLessThan(list[0]?.[1] ?? 0);
});

test("each line has its name, and names do not overlap", () => {
  const svg = lineChart(chart);
  const names = [...svg.matchAll(/<text x="612" y="([\d.]+)" style="[^"]*">(\w+)</g)];

  expect(names.map(([, , name]) => name)).toEqual(["submit", "list"]);
  const [one = 0, other = 0] = names.map(([, y]) => Number(y));
  expect(Math.abs(one - other)).toBeGreaterThanOrEqual(16);
});

test("axes have labels, and the chart follows a dark scheme", () => {
  const svg = lineChart(chart);

  for (const label of [">1k<", ">10k<", ">1M<", ">100<", ">stored audits<", ">ms<", "Times &amp; audits"])
    expect(svg).toContain(label);
  expect(svg).toContain("@media (prefers-color-scheme: dark)");
});
