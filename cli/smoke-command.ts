import type { Command } from "commander";
import type { ReadOutputs } from "./connection.ts";
import { exitCode, Failure } from "./failure.ts";
import { notNegative } from "./option-values.ts";
import type { SmokeOptions, SmokeStep } from "./smoke.ts";
import type { Terminal } from "./terminal.ts";

interface Options {
  waitMinutes: number;
  webhookUrl?: string;
  queue?: boolean;
  readOnly?: boolean;
}

/** `smoke`: leads one audit through a stack and says how long each step took. */
export function smokeCommand(root: Command, terminal: Terminal, outputs: () => ReadOutputs | undefined): void {
  root
    .command("smoke")
    .description("leads one audit through a stack, from outside, and says how long each step took")
    .option("--wait-minutes <n>", "how long to wait for Kard to close it, where no sandbox does", notNegative, 0)
    .option("--webhook-url <url>", "an endpoint to be told; beside npm start it is one of the test's own")
    .option("--queue", "look for it on the resolutions queue of a deployed stack too, beside its consumers")
    .option("--read-only", "file no audit: ask whether it answers, and list audits and webhooks")
    .action(async ({ waitMinutes, webhookUrl, queue, readOnly }: Options) => {
      const api = terminal.api();
      const steps: SmokeStep[] = [];
      // It brings a client of SQS, which no other command needs.
      const { smoke } = await import("./smoke.ts");
      const ended = await smoke(api, {
        ...placesOf(outputs(), queue === true),
        ...(webhookUrl === undefined ? {} : { webhook: webhookUrl }),
        filesAudit: readOnly !== true,
        waitMs: waitMinutes * 60_000,
        onStep: (step) => steps.push(step),
      }).then(
        () => undefined,
        (error: unknown) => error,
      );
      const line = ({ step, milliseconds, failure }: SmokeStep) =>
        [failure === undefined ? "ok  " : "FAIL", step.padEnd(30), `${milliseconds} ms`.padStart(10), failure ?? ""]
          .join(" ")
          .trimEnd();
      terminal.print(steps, steps.map(line).join("\n"));
      if (ended instanceof Failure) process.exitCode = ended.exitCode;
      else if (ended !== undefined) process.exitCode = exitCode.refused;
    });
}

/** Beside `npm start` there are a sandbox, a queue of nobody else's, and a way back for webhooks. */
function placesOf(
  outputs: ReadOutputs | undefined,
  useQueue: boolean,
): Pick<SmokeOptions, "queue" | "sandboxUrl" | "webhook"> {
  const { SqsEndpoint: endpoint, ResolutionsQueueUrl: url, KardUrl } = outputs ?? {};
  const isLocal = endpoint !== undefined;
  return {
    queue: url !== undefined && (isLocal || useQueue) ? { url, endpoint } : undefined,
    sandboxUrl: isLocal && KardUrl !== undefined && isLoopback(KardUrl) ? KardUrl : undefined,
    webhook: isLocal ? "own" : undefined,
  };
}

function isLoopback(url: string): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
}
