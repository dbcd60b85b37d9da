import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { bundleModule } from "../../../infra/constructs/function-bundle.ts";
import { functionEnvironment } from "../../../infra/local/runner/lambda/function-definition.ts";
import { synthesize } from "../../../infra/local/synthesize.ts";
import { bytesAtStart } from "../../support/bundles/files-at-start.ts";
import { readDefinitions } from "../read-definitions.ts";

const kard = { kardApiUrl: "http://kard.invalid", kardTokenUrl: "http://kard.invalid/token" };
const nowhere = { region: "us-east-1", endpointUrl: "http://aws.invalid", accessKeyId: "bench", logStream: "bench" };
const rounds = 11;
const printed = z.object({ cpuMs: z.number(), elapsedMs: z.number() });

/** A bundle that is measured. */
interface Bundle {
  name: string;
  moduleFile: string;
  environment: Record<string, string>;
}

/** Bytes that a bundle loads when it starts, and the median times of importing it in a fresh process. */
export interface ColdStart {
  name: string;
  bytes: number;
  cpuMs: number;
  elapsedMs: number;
  /** CPU time by that of a bare DynamoDB client, bundled the same way. */
  ratio: number;
}

/** Measures every function of the template beside a bare DynamoDB client. The first result is the bare client. */
export async function benchColdStart(progress: (line: string) => void): Promise<ColdStart[]> {
  progress("bundling");
  const assemblyDir = await synthesize(kard);
  const bareDir = mkdtempSync(join(tmpdir(), "kard-audit-tracker-bare-"));
  try {
    bundleModule(join(import.meta.dirname, "bare-client.ts"), bareDir, "source-map");
    const functions = readDefinitions(assemblyDir, nowhere.endpointUrl).map((definition) => ({
      name: definition.variables.POWERTOOLS_SERVICE_NAME ?? basename(definition.name),
      moduleFile: definition.moduleFile,
      environment: functionEnvironment(definition, nowhere),
    }));
    const bare: Bundle = { name: "bare client", moduleFile: join(bareDir, "index.mjs"), environment: regionOnly };
    return await measure([bare, ...functions], progress);
  } finally {
    for (const directory of [assemblyDir, bareDir]) rmSync(directory, { recursive: true, force: true });
  }
}

const regionOnly = { AWS_REGION: nowhere.region, NODE_OPTIONS: "--enable-source-maps" };

/** Imports all bundles in turn, many times, so that other work on this machine slows all of them. */
async function measure(bundles: readonly Bundle[], progress: (line: string) => void): Promise<ColdStart[]> {
  const samples = bundles.map((): z.infer<typeof printed>[] => []);
  for (let round = 1; round <= rounds; round += 1) {
    progress(`importing each bundle, round ${round} of ${rounds}`);
    for (const [place, bundle] of bundles.entries()) samples[place]?.push(await importTime(bundle));
  }
  const results = bundles.map(({ name, moduleFile }, place) => ({
    ...{ name, bytes: bytesAtStart(dirname(moduleFile)) },
    cpuMs: median(samples[place]?.map(({ cpuMs }) => cpuMs) ?? []),
    elapsedMs: median(samples[place]?.map(({ elapsedMs }) => elapsedMs) ?? []),
  }));
  const [bare] = results;
  return results.map((result) => ({ ...result, ratio: result.cpuMs / (bare?.cpuMs ?? Number.NaN) }));
}

async function importTime({ moduleFile, environment }: Bundle) {
  const script = join(import.meta.dirname, "import-time.ts");
  const args = ["--disable-warning=ExperimentalWarning", script, moduleFile];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment });
  return printed.parse(JSON.parse(stdout));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
