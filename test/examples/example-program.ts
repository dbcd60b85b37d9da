import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll } from "@jest/globals";

const root = join(import.meta.dirname, "../..");
const patienceMs = 60_000;

const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
});

export interface ExampleProgram {
  /** Waits until it has printed a line that matches, and gives the match. */
  printed(line: RegExp): Promise<RegExpMatchArray>;
  output(): string;
}

/** Runs an example as its header says: a program and its arguments. */
export function runExample(
  [program = "", ...args]: readonly string[],
  environment: Readonly<Record<string, string>>,
): ExampleProgram {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(program, args, { cwd: root, env: { ...env, ...environment } });
  running.add(child);
  let output = "";
  let ended = false;
  const collect = (text: string) => {
    output += text;
  };
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);
  child.once("close", () => {
    ended = true;
    running.delete(child);
  });
  return {
    output: () => output,
    async printed(line) {
      const deadline = Date.now() + patienceMs;
      for (;;) {
        const match = output.match(line);
        if (match !== null) return match;
        if (ended || Date.now() > deadline)
          throw new Error(`${[program, ...args].join(" ")} did not print ${line}, but:\n${output}`);
        await sleep(10);
      }
    },
  };
}
