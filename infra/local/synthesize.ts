import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { StartUpError } from "./runner/template/start-up-error.ts";

const app = join(import.meta.dirname, "../app.ts");

/**
 * Synthesizes the CDK app for the local stage in a separate process, as `cdk` does.
 *
 * @param context values of `-c key=value`
 * @returns the directory of the cloud assembly
 * @throws StartUpError in one line, if the app refuses its configuration or does not build
 */
export async function synthesize(context: Readonly<Record<string, string>>): Promise<string> {
  const assemblyDir = mkdtempSync(join(tmpdir(), "kard-audit-tracker-"));
  try {
    await promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", app], {
      env: {
        ...process.env,
        CDK_OUTDIR: assemblyDir,
        CDK_CONTEXT_JSON: JSON.stringify({ stage: "local", ...context }),
      },
    });
  } catch (error) {
    const output = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    const lines = output.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("Bundling asset"));
    throw new StartUpError(
      `the CDK app does not synthesize: ${lines.find((line) => /error|invalid/i.test(line)) ?? lines[0]}`,
    );
  }
  return assemblyDir;
}
