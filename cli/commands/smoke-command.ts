import type { Command } from "commander";
import { isLoopback, type ReadOutputs } from "../api/connection.ts";
import { exitCode, Failure } from "../failure.ts";
import { interruptible } from "../interruption.ts";
import { notNegative } from "../option-values.ts";
import type { Terminal } from "../output/terminal.ts";
import type { SmokeOptions, SmokeStep } from "../smoke.ts";

interface Options {
  waitMinutes: number;
  webhookUrl?: string;
  queue?: boolean;
  readOnly?: boolean;
}

/** The command `smoke`. */
export function smokeCommand(root: Command, terminal: Terminal, outputs: () => ReadOutputs | undefined): void {
  root
    .command("smoke")
    .description("tests a stack with one audit from outside, and shows the duration of each step")
    .option("--wait-minutes <n>", "how long to wait for Kard to close it, without a sandbox", notNegative, 0)
    .option("--webhook-url <url>", "an endpoint for webhooks; with npm start the test has its own")
    .option("--queue", "also receive it from the resolutions queue of a deployed stack")
    .option("--read-only", "submit no audit; only check /health and list audits and webhooks")
    .action(async ({ waitMinutes, webhookUrl, queue, readOnly }: Options) => {
      const api = terminal.api();
      const steps: SmokeStep[] = [];
      // Imported here because it loads an SQS client that no other command needs.
      const { smoke } = await import("../smoke.ts");
      const run = (stop: AbortSignal) =>
        smoke(api, {
          ...placesOf(outputs(), queue === true),
          ...(webhookUrl === undefined ? {} : { webhook: webhookUrl }),
          filesAudit: readOnly !== true,
          waitMs: waitMinutes * 60_000,
          stop,
          onStep: (step) => steps.push(step),
        }).then(
          () => undefined,
          (error: unknown) => error,
        );
      const { result: ended, interruptedCode } = await interruptible(terminal.note, run);
      const line = ({ step, milliseconds, failure }: SmokeStep) =>
        [failure === undefined ? "ok  " : "FAIL", step.padEnd(30), `${milliseconds} ms`.padStart(10), failure ?? ""]
          .join(" ")
          .trimEnd();
      terminal.print(steps, steps.map(line).join("\n"));
      if (interruptedCode !== undefined) process.exitCode = interruptedCode;
      else if (ended instanceof Failure) process.exitCode = ended.exitCode;
      else if (ended !== undefined || steps.some(({ failure }) => failure !== undefined))
        process.exitCode = exitCode.refused;
    });
}

/** The local stack has a sandbox, a queue without other consumers, and can call webhooks on this machine. */
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
