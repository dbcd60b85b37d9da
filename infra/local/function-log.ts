import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { summarizeLogLine } from "./log-filter.ts";
import type { LogLine } from "./runner/lambda/execution-environment.ts";

/**
 * Writes all that the functions log to a file, which it begins anew, and hands `print` a short line for what a person
 * at the terminal wants to know.
 */
export function openFunctionLog(file: string, print: (line: string) => void) {
  mkdirSync(dirname(file), { recursive: true });
  const descriptor = openSync(file, "w", 0o600);
  return {
    take({ at, functionName, line }: LogLine): void {
      writeSync(descriptor, `${new Date(at).toISOString()} ${functionName} ${line}\n`);
      const words = summarizeLogLine({ functionName, line });
      if (words !== undefined) print(`${new Date(at).toTimeString().slice(0, 8)} ${words}`);
    },
    close: () => closeSync(descriptor),
  };
}
