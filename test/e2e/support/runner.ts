import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import type { LocalOutputs } from "../../../infra/local/local-tracker.ts";
import { until } from "./until.ts";

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Program {
  stdout(): string;
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<Ended>;
}

/** `npm start`, once it is ready. */
export interface Runner extends Program {
  outputs: LocalOutputs;
}

const infra = join(import.meta.dirname, "../../../infra");
const programs = {
  start: join(infra, "local/main.ts"),
  demo: join(infra, "local/demo/main.ts"),
  "kard:subscribe": join(infra, "commands/kard-subscribe/main.ts"),
  keys: join(infra, "commands/keys/main.ts"),
  users: join(infra, "commands/users/main.ts"),
  soak: join(import.meta.dirname, "../../soak/main.ts"),
};

/** Starting includes synthesis, which takes long on a busy machine. */
const patienceMs = 120_000;

const children = new Set<ChildProcess>();
const directories: string[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** Creates a directory that is deleted after the file's tests. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "kard-audit-tracker-e2e-"));
  directories.push(directory);
  return directory;
}

/** Runs an npm script as npm does, in its own directory. */
export function run(program: keyof typeof programs, args: readonly string[], cwd = newDirectory()): Program {
  return runFile(programs[program], args, cwd);
}

function runFile(file: string, args: readonly string[], cwd: string): Program {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", file, ...args], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.add(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = once(child, "close").then(([code, signal]): Ended => {
    children.delete(child);
    return { code, signal, stdout, stderr };
  });
  return { stdout: () => stdout, stderr: () => stderr, kill: (signal) => void child.kill(signal), ended };
}

/** Starts `npm start`, or that of a copy of the checkout, and waits until it is ready. */
export async function startRunner(
  args: readonly string[],
  cwd = newDirectory(),
  file = programs.start,
): Promise<Runner> {
  const program = runFile(file, args, cwd);
  let ended: Ended | undefined;
  void program.ended.then((end) => {
    ended = end;
  });
  const isReady = () => {
    if (ended !== undefined) throw new Error(`it ended at once: ${ended.stderr}`);
    return program.stdout().includes("Stop with Ctrl-C");
  };
  await until("it is ready", isReady, patienceMs);
  const outputs = JSON.parse(readFileSync(join(cwd, ".local/outputs.json"), "utf8")) as LocalOutputs;
  return { ...program, outputs };
}
