import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LocalOutputs } from "../../infra/local/local-tracker.ts";

export interface RunningTracker {
  outputs: LocalOutputs;
  pid: number;
  /** Kills it like a power failure. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Runs `npm start` on this data directory and waits until it is ready. */
export async function startTracker(cwd: string): Promise<RunningTracker> {
  const main = join(import.meta.dirname, "../../infra/local/main.ts");
  const args = ["--disable-warning=ExperimentalWarning", main, "--port", "0", "--data", "data", "--tick", "1"];
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close");
  let said = "";
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("Stop with Ctrl-C")) resolve();
    });
    void ended.then(() => reject(new Error(`it ended at once: ${errors}`)));
  });
  const end = async (signal: "SIGKILL" | "SIGTERM") => {
    child.kill(signal);
    await ended;
  };
  return {
    pid: child.pid ?? 0,
    outputs: JSON.parse(await readFile(join(cwd, ".local/outputs.json"), "utf8")) as LocalOutputs,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
  };
}
