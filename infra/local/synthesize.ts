import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cachedAssembly } from "./assembly-cache.ts";
import { StartUpError } from "./runner/template/start-up-error.ts";

const app = join(import.meta.dirname, "../app.ts");

/** A server on this machine, whose port differs from start to start. */
const localOrigin = /^http:\/\/127\.0\.0\.1:\d+/;

/**
 * Synthesizes the CDK app for the local stage, or takes its assembly from the cache if nothing changed since it was
 * synthesized. URLs on this machine are filled in afterwards, so a different port is no change.
 *
 * @param context values of `-c key=value`
 * @returns the directory of the cloud assembly, which the caller deletes
 * @throws StartUpError in one line, if the app refuses its configuration or does not build
 */
export async function synthesize(context: Readonly<Record<string, string>>): Promise<string> {
  const origins = [...new Set(Object.values(context).flatMap((value) => localOrigin.exec(value) ?? []))];
  const placeholder = (origin: string) => `http://local-${origins.indexOf(origin)}.invalid`;
  const portless = Object.fromEntries(
    Object.entries(context).map(([key, value]) => [key, value.replace(localOrigin, placeholder)]),
  );
  const cached = await cachedAssembly(portless, (directory) => runApp(portless, directory));
  const assemblyDir = mkdtempSync(join(tmpdir(), "kard-audit-tracker-"));
  cpSync(cached, assemblyDir, { recursive: true });
  for (const name of readdirSync(assemblyDir).filter((file) => file.endsWith(".template.json"))) {
    const file = join(assemblyDir, name);
    const template = origins.reduce(
      (text, origin) => text.replaceAll(placeholder(origin), origin),
      readFileSync(file, "utf8"),
    );
    writeFileSync(file, template);
  }
  return assemblyDir;
}

/** Runs the app in a separate process, as `cdk` does. */
async function runApp(context: Readonly<Record<string, string>>, assemblyDir: string): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", app], {
      env: {
        ...process.env,
        CDK_OUTDIR: assemblyDir,
        CDK_CONTEXT_JSON: JSON.stringify({ stage: "local", ...context }),
        // AWS's validator takes most of the time of a synthesis. `npm run synth` and the tests use it.
        CDK_VALIDATION: "false",
      },
    });
  } catch (error) {
    const output = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    const lines = output.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("Bundling asset"));
    throw new StartUpError(
      `the CDK app does not synthesize: ${lines.find((line) => /error|invalid/i.test(line)) ?? lines[0]}`,
    );
  }
}
