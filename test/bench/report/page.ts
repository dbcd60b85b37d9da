import type { Measured, StoredResults } from "./stored-results.ts";
import { wrap } from "./wrap.ts";

const width = 118;

const introduction =
  "How fast and how cheap the tracker is, compared to a raw limit or to a peer that is measured in the same run. A " +
  "ratio of 1 means as fast as what it is compared to. `npm run bench` measures everything and writes this page; " +
  "`npm run bench -- --write NAME` measures one part again. Times depend on the machine, ratios hardly.";

/** The page of all results, in their order. */
export function benchmarksPage(results: StoredResults): string {
  const sections = Object.entries(results).map(([name, result]) => section(name, result));
  return `${["# Benchmarks", wrap(introduction, width), ...sections].join("\n\n")}\n`;
}

function section(name: string, { description, measuredOn, node, machine, image }: Measured): string {
  const { about, figures, meaning, peers = {} } = description;
  const beside = Object.entries(peers).map(([peer, version]) => `, ${peer} ${version}`);
  const rows = figures.map(({ what, result, comparedTo = "" }) => row(what, result, comparedTo));
  return [
    `## ${name}`,
    wrap(about, width),
    [row("", "result", "compared to"), row("---", "---", "---"), ...rows].join("\n"),
    wrap(meaning, width),
    ...(image === undefined ? [] : [`![${image.alt}](images/${image.file})`]),
    wrap(`*Measured on ${measuredOn} with Node.js ${node}${beside.join("")}, on ${machine}.*`, width),
  ].join("\n\n");
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
