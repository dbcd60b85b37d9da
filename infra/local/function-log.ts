import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { summarizeLogLine } from "./log-filter.ts";
import type { LogLine } from "./runner/lambda/execution-environment.ts";

/**
 * Writes all log lines of the functions to a new file, and prints a summary of the interesting ones.
 *
 * @param print receives one short line for the terminal
 */
export function openFunctionLog(file: string, print: (line: string) => void) {
  mkdirSync(dirname(file), { recursive: true });
  const descriptor = openSync(file, "w", 0o600);
  return {
    take({ at, functionName, line }: LogLine): void {
      writeSync(descriptor, `${new Date(at).toISOString()} ${functionName} ${line}\n`);
      const summary = summarizeLogLine({ functionName, line });
      if (summary !== undefined) print(`${new Date(at).toTimeString().slice(0, 8)} ${summary}`);
    },
    close: () => closeSync(descriptor),
  };
}
