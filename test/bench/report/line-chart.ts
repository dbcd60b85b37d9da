/** A line of a chart: one value for each of its `x`. */
export interface Series {
  name: string;
  values: readonly number[];
}

export interface LineChart {
  title: string;
  xLabel: string;
  yLabel: string;
  x: readonly number[];
  series: readonly Series[];
}

const [width, height] = [760, 420];
const plot = { left: 64, top: 48, right: 600, bottom: 364 };
const labelHeight = 16;

/** Colours that can be told apart, and read on white and on black. */
const colors = ["#2F81F7", "#D55E00", "#1A9A6C", "#B07AA1", "#9A7500", "#6E7F91"];

/**
 * An SVG with lines over two logarithmic axes, each with its name at its end. It follows the reader's light or dark
 * scheme, because it is shown as an image.
 */
export function lineChart({ title, xLabel, yLabel, x, series }: LineChart): string {
  const xAt = scale(bounds(x), plot.left, plot.right);
  const all = series.flatMap(({ values }) => values);
  const yBounds = decades(all);
  const yAt = scale(yBounds, plot.bottom, plot.top);
  const labels = spread(series.map(({ values }) => yAt(values.at(-1) ?? 1)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}">`,
    "<style>",
    "svg { background: #ffffff; font: 13px system-ui, sans-serif; } text { fill: #24292f; } .grid { stroke: #d0d7de; }",
    "@media (prefers-color-scheme: dark) {",
    "svg { background: #0d1117; } text { fill: #e6edf3; } .grid { stroke: #30363d; } }",
    "</style>",
    `<text x="${plot.left}" y="24" font-weight="600">${escapeXml(title)}</text>`,
    ...ticksOf(yBounds).map((value) => horizontal(yAt(value), value)),
    ...x.map(
      (value) => `<text x="${round(xAt(value))}" y="${plot.bottom + 20}" text-anchor="middle">${short(value)}</text>`,
    ),
    `<text x="${(plot.left + plot.right) / 2}" y="${plot.bottom + 42}" text-anchor="middle">${escapeXml(xLabel)}</text>`,
    `<text x="16" y="${(plot.top + plot.bottom) / 2}" text-anchor="middle" ` +
      `transform="rotate(-90 16 ${(plot.top + plot.bottom) / 2})">${escapeXml(yLabel)}</text>`,
    ...series.flatMap(({ name, values }, index) => {
      const color = colors[index % colors.length];
      const points = values.map((value, place) => [xAt(x[place] ?? 1), yAt(value)] as const);
      return [
        `<polyline fill="none" stroke="${color}" stroke-width="2.5" points="${points.map(pointOf).join(" ")}"/>`,
        ...points.map(([cx, cy]) => `<circle cx="${round(cx)}" cy="${round(cy)}" r="3.5" fill="${color}"/>`),
        `<text x="${plot.right + 12}" y="${round((labels[index] ?? 0) + 4)}" style="fill: ${color}">${escapeXml(name)}</text>`,
      ];
    }),
    "</svg>\n",
  ].join("\n");
}

type Bounds = readonly [least: number, most: number];

const pointOf = ([x, y]: readonly [number, number]) => `${round(x)},${round(y)}`;
const round = (value: number) => Math.round(value * 10) / 10;
const bounds = (values: readonly number[]): Bounds => [Math.min(...values), Math.max(...values)];

/** The powers of ten around the values. */
function decades(values: readonly number[]): Bounds {
  const [least, most] = bounds(values.filter((value) => value > 0));
  const [from, to] = [10 ** Math.floor(Math.log10(least)), 10 ** Math.ceil(Math.log10(most))];
  return [from, to === from ? to * 10 : to];
}

function ticksOf([least, most]: Bounds): number[] {
  const count = Math.round(Math.log10(most / least)) + 1;
  return Array.from({ length: count }, (_, power) => least * 10 ** power);
}

function scale([least, most]: Bounds, from: number, to: number): (value: number) => number {
  const span = Math.log(most / least) || 1;
  return (value) => from + ((to - from) * Math.log(Math.max(value, least) / least)) / span;
}

function horizontal(y: number, value: number): string {
  const line = `<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${round(y)}" y2="${round(y)}"/>`;
  return `${line}<text x="${plot.left - 8}" y="${round(y + 4)}" text-anchor="end">${short(value)}</text>`;
}

/** `1000` as `1k`. */
function short(value: number): string {
  if (value >= 1e6) return `${round(value / 1e6)}M`;
  return value >= 1e3 ? `${round(value / 1e3)}k` : String(Number(value.toPrecision(6)));
}

/** Moves labels that would overlap downwards, in the order of their lines. */
function spread(places: readonly number[]): number[] {
  const spaced = [...places];
  const order = places.map((_, index) => index).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  for (const [rank, index] of order.entries()) {
    const above = spaced[order[rank - 1] ?? -1] ?? Number.NEGATIVE_INFINITY;
    spaced[index] = Math.max(spaced[index] ?? 0, above + labelHeight);
  }
  return spaced;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
