import type { Command } from "commander";
import { type DisputeLine, readDisputes } from "../disputes/read-disputes.ts";
import { exitCode } from "../failure.ts";
import { interruptible } from "../interruption.ts";
import { wholeNumber } from "../option-values.ts";
import { startProgress } from "../output/progress.ts";
import { lineTable } from "../output/tables.ts";
import type { Terminal } from "../output/terminal.ts";
import { type LineResult, submitLines } from "../submit.ts";

interface Options {
  concurrency: number;
  issuer?: string;
  encoding?: string;
  run: string;
  metadata?: string[];
}

/** The command `submit`. */
export function submitCommand(root: Command, terminal: Terminal): void {
  root
    .command("submit <file>")
    .description(
      "submits the disputes of a CSV, Excel or JSON file, one audit per line; repeated runs submit nothing twice",
    )
    .option("--concurrency <n>", "how many requests run at once", wholeNumber, 4)
    .option("--issuer <name>", "the issuer's name, which Kard requires for lines without a user")
    .option("--encoding <name>", "the file's encoding, such as windows-1252 (default: UTF-8, or the byte order mark)")
    .option("--metadata <columns>", "columns to keep as metadata, separated by commas", columnNames)
    .option("--run <name>", "with a new name, submit lines of earlier runs again", "")
    .action(async (file: string, { concurrency: atOnce, issuer, encoding, metadata, run }: Options) => {
      const lines = await readDisputes(file, { issuer, encoding, metadata });
      const api = terminal.api();
      noteWarnings(terminal, lines);
      const progress = startProgress("lines", lines.length);
      const { result, interruptedCode } = await interruptible(terminal.note, (stop) =>
        submitLines(api, lines, { atOnce, run, stop, onResult: () => progress.step() }),
      ).finally(() => progress.stop());
      const { results, failure } = result;
      terminal.print(results, lineTable(results));
      terminal.note(summaryOf(results));
      const count = countsOf(results);
      if (interruptedCode !== undefined && count.unsent > 0) {
        terminal.note("Interrupted. Run the same command again to submit the rest; nothing is submitted twice.");
        process.exitCode = interruptedCode;
        return;
      }
      if (failure !== undefined) throw failure;
      if (count.refused + count.invalid > 0) process.exitCode = exitCode.refused;
    });
}

const columnNames = (text: string) => text.split(",").map((name) => name.trim());

const maxWarnings = 10;

function noteWarnings({ note }: Terminal, lines: readonly DisputeLine[]): void {
  const warned = lines.filter(({ warning }) => warning !== undefined);
  for (const { line, warning } of warned.slice(0, maxWarnings)) note(`warning: line ${line}: ${warning}`);
  if (warned.length > maxWarnings) note(`warning: ${warned.length - maxWarnings} more lines with such values`);
  const ignored = new Set(lines.flatMap((line) => line.ignored ?? []));
  if (ignored.size > 0) note(`warning: for lines with a user, these columns are ignored: ${[...ignored].join(", ")}`);
}

function countsOf(results: readonly LineResult[]) {
  const counts = { filed: 0, waiting: 0, "filed-before": 0, refused: 0, invalid: 0, unsent: 0 };
  for (const { result } of results) counts[result]++;
  return counts;
}

function summaryOf(results: readonly LineResult[]): string {
  const { filed, waiting, "filed-before": before, refused, invalid, unsent } = countsOf(results);
  return (
    `${filed + waiting + before} filed, ${before} of them before and ${waiting} waiting for Kard; ` +
    `${refused} refused, ${invalid} invalid, ${unsent} unsent`
  );
}
