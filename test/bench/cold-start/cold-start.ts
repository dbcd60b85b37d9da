import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { bundleModule } from "../../../infra/constructs/function-bundle.ts";
import { functionEnvironment } from "../../../infra/local/runner/lambda/function-definition.ts";
import { synthesize } from "../../../infra/local/synthesize.ts";
import { bytesAtStart } from "../../support/bundles/files-at-start.ts";
import { readDefinitions } from "../read-definitions.ts";
import { startBenchKard } from "../servers/bench-kard.ts";
import { startBenchReceiver } from "../servers/webhook-receiver.ts";
import { whileRunning } from "../while-running.ts";
import { storeForEvents, typicalEvents } from "./typical-events.ts";

const rounds = 11;
const printed = z.object({
  cpuMs: z.number(),
  elapsedMs: z.number(),
  invokedCpuMs: z.number(),
  response: z.unknown().optional(),
});
type Sample = z.infer<typeof printed>;

/** A bundle that is measured. */
interface Bundle {
  name: string;
  moduleFile: string;
  environment: Record<string, string>;
  /** The event of its first invocation. */
  event: () => object;
}

/** Bytes that a bundle loads when it starts, and the median times of a cold start in a fresh process. */
export interface ColdStart {
  name: string;
  bytes: number;
  /** CPU time and duration of the import. */
  cpuMs: number;
  elapsedMs: number;
  /** CPU time of the import and the first invocation. */
  invokedCpuMs: number;
  /** CPU times by those of a bare DynamoDB client, bundled the same way, with one read. */
  ratio: number;
  invokedRatio: number;
}

/** Measures every function of the template beside a bare DynamoDB client. The first result is the bare client. */
export async function benchColdStart(progress: (line: string) => void): Promise<ColdStart[]> {
  return await whileRunning(async (running) => measure(await openBundles(running, progress), progress));
}

/** Bundles everything, and starts the servers that first invocations call. */
async function openBundles(running: AsyncDisposableStack, progress: (line: string) => void): Promise<Bundle[]> {
  const server = fork(join(import.meta.dirname, "../servers/aws-server.ts"));
  running.defer(() => server.disconnect());
  const [port] = (await once(server, "message")) as [number];
  const endpointUrl = `http://127.0.0.1:${port}`;
  const kard = await startBenchKard(0);
  running.defer(() => kard.stop());
  const receiver = await startBenchReceiver(0);
  running.defer(() => receiver.stop());

  progress("bundling");
  const assemblyDir = await synthesize({ kardApiUrl: kard.url, kardTokenUrl: `${kard.url}/v2/auth/token` });
  const bareDir = mkdtempSync(join(tmpdir(), "kard-audit-tracker-bare-"));
  for (const directory of [assemblyDir, bareDir]) running.defer(() => rmSync(directory, { recursive: true }));
  bundleModule(join(import.meta.dirname, "bare-client.ts"), bareDir, "source-map", {});
  const definitions = readDefinitions(assemblyDir, endpointUrl);
  const tableName = definitions.find(({ variables }) => variables.TABLE_NAME)?.variables.TABLE_NAME ?? "";
  const stored = await storeForEvents({ awsEndpoint: endpointUrl, tableName }, receiver.url);

  const functions = definitions.map((definition): Bundle => {
    const name = definition.variables.POWERTOOLS_SERVICE_NAME as keyof ReturnType<typeof typicalEvents>;
    const runtime = { region: "us-east-1", endpointUrl, accessKeyId: "bench", logStream: "bench" };
    const environment = functionEnvironment(definition, runtime);
    return { name, moduleFile: definition.moduleFile, environment, event: () => typicalEvents(stored)[name] };
  });
  const environment = {
    ...{ AWS_REGION: "us-east-1", AWS_ENDPOINT_URL: endpointUrl },
    ...{ AWS_ACCESS_KEY_ID: "bench", AWS_SECRET_ACCESS_KEY: "local" },
  };
  const bare = { name: "bare client", moduleFile: join(bareDir, "index.mjs"), environment, event: () => ({}) };
  return [bare, ...functions];
}

/** Starts all bundles in turn, many times, so that other work on this machine slows all of them. */
async function measure(bundles: readonly Bundle[], progress: (line: string) => void): Promise<ColdStart[]> {
  const samples = bundles.map((): Sample[] => []);
  for (let round = 1; round <= rounds; round += 1) {
    progress(`starting each bundle, round ${round} of ${rounds}`);
    for (const [place, bundle] of bundles.entries()) samples[place]?.push(await coldStart(bundle));
  }
  const results = bundles.map(({ name, moduleFile }, place) => {
    const of = (what: (sample: Sample) => number) => median(samples[place]?.map(what) ?? []);
    return {
      ...{ name, bytes: bytesAtStart(dirname(moduleFile)), cpuMs: of(({ cpuMs }) => cpuMs) },
      elapsedMs: of(({ elapsedMs }) => elapsedMs),
      invokedCpuMs: of(({ invokedCpuMs }) => invokedCpuMs),
    };
  });
  const [bare] = results;
  return results.map((result) => ({
    ...result,
    ratio: result.cpuMs / (bare?.cpuMs ?? Number.NaN),
    invokedRatio: result.invokedCpuMs / (bare?.invokedCpuMs ?? Number.NaN),
  }));
}

/** @throws Error if the first invocation fails, because then its time says nothing */
async function coldStart({ name, moduleFile, environment, event }: Bundle): Promise<Sample> {
  const script = join(import.meta.dirname, "first-invocation.ts");
  const args = ["--disable-warning=ExperimentalWarning", script, moduleFile, JSON.stringify(event())];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment });
  const sample = printed.parse(JSON.parse(stdout.split("\n").at(-1) ?? ""));
  const answer = JSON.stringify(sample.response) ?? "";
  if (/"statusCode":[^2]|"itemIdentifier"/.test(answer)) throw new Error(`${name} answered ${answer}`);
  return sample;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
