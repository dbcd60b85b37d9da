import { SingleBar } from "cli-progress";
import type { Command } from "commander";
import { exitCode } from "./failure.ts";
import { wholeNumber } from "./option-values.ts";
import { readDisputes } from "./read-disputes.ts";
import { submitLines } from "./submit.ts";
import { lineTable } from "./tables.ts";
import type { Terminal } from "./terminal.ts";

interface Options {
  concurrency: number;
  issuer?: string;
  run: string;
}

/** `submit`: files the disputes of a file. */
export function submitCommand(root: Command, terminal: Terminal): void {
  root
    .command("submit <file>")
    .description("files the disputes of a CSV or JSON file, an audit a line; run again, it files nothing twice")
    .option("--concurrency <n>", "how many are filed at once", wholeNumber, 4)
    .option("--issuer <name>", "the issuer's name, which Kard asks for where a line has no user")
    .option("--run <name>", "file again what was filed, or refused, in a run of another name", "")
    .action(async (file: string, { concurrency: atOnce, issuer, run }: Options) => {
      const lines = readDisputes(file, issuer);
      const api = terminal.api();
      // It draws on standard error, and only for a person.
      const bar = new SingleBar({ format: "{bar} {value}/{total}", clearOnComplete: true, hideCursor: true });
      bar.start(lines.length, 0);
      const { results, failure } = await submitLines(api, lines, { atOnce, run, onResult: () => bar.increment() });
      bar.stop();
      terminal.print(results, lineTable(results));
      const count = (...kinds: string[]) => results.filter(({ result }) => kinds.includes(result)).length;
      const taken = count("filed", "waiting", "filed-before");
      terminal.note(
        `${taken} filed, ${count("filed-before")} of them before and ${count("waiting")} waiting for Kard; ` +
          `${count("refused")} refused, ${count("invalid")} invalid, ${count("unsent")} unsent`,
      );
      if (failure !== undefined) throw failure;
      if (taken < lines.length) process.exitCode = exitCode.refused;
    });
}
