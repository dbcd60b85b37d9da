import { join } from "node:path";
import { buildSync } from "esbuild";
import type { Browser } from "playwright-core";

const sources = join(import.meta.dirname, "../../../functions/console");
const charts = ["DayColumns", "BarList", "AgeBar", "Timeline", "ResolutionTimes"] as const;
export type ChartName = (typeof charts)[number];

/** A rectangle of a chart: its tone, and its place in the units of its view box. */
export interface Rectangle {
  classes: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface DrawnChart {
  /** The rectangles of each `svg`, with its view box. */
  pictures: { width: number; height: number; rectangles: Rectangle[] }[];
  /** The texts of the table's cells, row by row, for those who cannot see the picture. */
  table: string[][];
  /** All text of the chart. */
  text: string;
  /** How far the content is wider than its place, in pixels. */
  overflow: number;
}

/** A page that renders the console's charts as components, with its styles, in a place of the given width. */
export async function openChartPage(browser: Browser, width: number) {
  const imports = `
    import { h, render } from "preact";
    import { DayColumns } from "./components/day-columns.tsx";
    import { BarList } from "./components/bar-list.tsx";
    import { AgeBar } from "./components/age-bar.tsx";
    import { Timeline } from "./components/timeline.tsx";
    import { ResolutionTimes } from "./views/overview/resolution-times.tsx";
    const charts = { ${charts.join(", ")} };
    ${draw}`;
  const [script, styles] = [
    { stdin: { contents: imports, resolveDir: sources, loader: "ts" as const }, format: "iife" as const },
    { entryPoints: [join(sources, "styles.css")] },
  ].map((input) => {
    const options = { write: false, bundle: true, jsx: "automatic", jsxImportSource: "preact" } as const;
    return buildSync({ ...input, ...options, logLevel: "error" }).outputFiles[0]?.text ?? "";
  });
  const page = await browser.newPage();
  await page.setContent(
    `<!doctype html><style>${styles}</style><section class="card" id="place" style="width: ${width}px"></section>`,
  );
  await page.addScriptTag({ content: script ?? "" });
  return {
    page,
    draw: (name: ChartName, props: object): Promise<DrawnChart> =>
      page.evaluate(`draw(${JSON.stringify(name)}, ${JSON.stringify(props)})`),
  };
}

/** Runs in the page. */
const draw = `
  window.draw = (name, props) => {
    const place = document.getElementById("place");
    render(null, place);
    render(h(charts[name], props), place);
    const pictures = [...place.querySelectorAll("svg")].map((svg) => ({
      width: svg.viewBox.baseVal.width,
      height: svg.viewBox.baseVal.height,
      rectangles: [...svg.querySelectorAll("rect")].map((rect) => {
        const { x, y, width, height } = rect.getBBox();
        return { classes: rect.getAttribute("class") ?? "", x, y, width, height };
      }),
    }));
    const table = [...place.querySelectorAll("tr")].map((row) => [...row.cells].map((cell) => cell.textContent));
    return { pictures, table, text: place.textContent, overflow: place.scrollWidth - place.clientWidth };
  };`;
