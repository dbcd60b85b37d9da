import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cachedAssembly } from "./assembly-cache.ts";
import { StartUpError } from "./runner/template/start-up-error.ts";

const app = join(import.meta.dirname, "../app.ts");

/** The context of a Kard. */
export function contextOf(kard: {
  readonly url: string;
  readonly tokenUrl: string;
  readonly tokenRequest: "form" | "json";
}): Record<string, string> {
  return {
    ...{ kardApiUrl: kard.url, kardTokenUrl: kard.tokenUrl },
    // Where a URL is given, a form is the default.
    ...(kard.tokenRequest === "json" && { kardTokenRequest: kard.tokenRequest }),
  };
}

/** A server on this machine, whose port differs from start to start. */
const localOrigin = /^http:\/\/127\.0\.0\.1:\d+/;

/** Syntheses that have not ended, by their contexts. */
const underWay = new Map<string, Promise<string>>();

/**
 * Starts a synthesis for the bundled sandbox, before the sandbox has started. `synthesize` waits for it, and reports
 * its failure.
 */
export function synthesizeForSandbox(context: Readonly<Record<string, string>> = {}): void {
  const url = "http://127.0.0.1:0";
  const kard = contextOf({ url, tokenUrl: `${url}/v2/auth/token`, tokenRequest: "form" });
  assemble(withoutPorts({ ...kard, ...context }).portless).catch(() => undefined);
}

/**
 * Synthesizes the CDK app for the local stage, or takes its assembly from the cache if nothing changed since it was
 * synthesized. URLs on this machine are filled in afterwards, so a different port is no change.
 *
 * @param context values of `-c key=value`
 * @returns the directory of the cloud assembly, which the caller deletes
 * @throws StartUpError in one line, if the app refuses its configuration or does not build
 */
export async function synthesize(context: Readonly<Record<string, string>>): Promise<string> {
  const { portless, origins } = withoutPorts(context);
  const cached = await assemble(portless);
  const assemblyDir = mkdtempSync(join(tmpdir(), "kard-audit-tracker-"));
  cpSync(cached, assemblyDir, { recursive: true });
  for (const name of readdirSync(assemblyDir).filter((file) => file.endsWith(".template.json"))) {
    const file = join(assemblyDir, name);
    const template = origins.reduce(
      (text, origin, index) => text.replaceAll(placeholder(index), origin),
      readFileSync(file, "utf8"),
    );
    writeFileSync(file, template);
  }
  return assemblyDir;
}

/** Replaces the origins of servers on this machine, by placeholders that are the same at each start. */
function withoutPorts(context: Readonly<Record<string, string>>) {
  const origins = [...new Set(Object.values(context).flatMap((value) => localOrigin.exec(value) ?? []))];
  const portless = Object.fromEntries(
    Object.entries(context).map(([key, value]) => [
      key,
      value.replace(localOrigin, (origin) => placeholder(origins.indexOf(origin))),
    ]),
  );
  return { origins, portless };
}

const placeholder = (index: number) => `http://local-${index}.invalid`;

function assemble(portless: Readonly<Record<string, string>>): Promise<string> {
  const key = JSON.stringify(portless);
  const started = underWay.get(key) ?? cachedAssembly(portless, (directory) => make(portless, directory));
  underWay.set(key, started);
  return started.finally(() => underWay.delete(key));
}

/** Synthesizes the app while its functions are bundled, and puts the bundles into the assembly. */
async function make(context: Readonly<Record<string, string>>, directory: string): Promise<void> {
  const synthesized = runApp(context, directory);
  // Only a synthesis needs esbuild.
  const { addBundles, bundleAhead } = await import("./bundles.ts");
  const bundles = bundleAhead();
  await synthesized;
  await addBundles(directory, bundles);
}

/** Runs the app in a separate process, as `cdk` does. */
async function runApp(context: Readonly<Record<string, string>>, assemblyDir: string): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", app], {
      env: {
        ...process.env,
        CDK_OUTDIR: assemblyDir,
        // Without bundling, an asset is the folder of a function's sources.
        CDK_CONTEXT_JSON: JSON.stringify({ stage: "local", ...context, "aws:cdk:bundling-stacks": [] }),
        // AWS's validator takes most of the time of a synthesis. `npm run synth` and the tests use it.
        CDK_VALIDATION: "false",
      },
    });
  } catch (error) {
    const output = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    const lines = output.split("\n").filter((line) => line.trim() !== "");
    throw new StartUpError(
      `the CDK app does not synthesize: ${lines.find((line) => /error|invalid/i.test(line)) ?? lines[0]}`,
    );
  }
}
