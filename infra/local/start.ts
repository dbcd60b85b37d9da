import { StartUpError } from "./runner/template/start-up-error.ts";
import { contextOfOptions, readStartOptions, startUsage } from "./start-options.ts";
import { synthesizeForSandbox } from "./synthesize.ts";

/** Runs `npm start` with these arguments until SIGINT or SIGTERM. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const options = readStartOptions(args);
    if (options.help) return console.log(startUsage);
    if (options.kard === undefined) synthesizeForSandbox(contextOfOptions(options));
    // Its many modules load while the app is synthesized.
    const { runStack } = await import("./run-stack.ts");
    await runStack(options);
  } catch (error) {
    if (!(error instanceof StartUpError)) throw error;
    console.error(`Cannot start: ${error.message}`);
    process.exitCode = 1;
  }
}
