import Table from "cli-table3";
import type { Description } from "./benchmark.ts";

/** Widths of the columns in characters; longer text is wrapped. */
const columns = { what: 48, result: 40, comparedTo: 48 };

/** One table of the results of several benchmarks, for a terminal. */
export function consoleTable(results: readonly { name: string; description: Description }[]): string {
  const table = new Table({
    head: ["measured", "result", "compared to"],
    colWidths: [columns.what, columns.result, columns.comparedTo],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { name, description } of results) {
    const { figures, meaning } = description;
    table.push([{ colSpan: 3, content: `${name.toUpperCase()}  ${meaning}` }]);
    for (const { what, result, comparedTo = "" } of figures) table.push([what, result, comparedTo]);
  }
  return table.toString();
}
