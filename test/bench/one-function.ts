import { fork } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { request } from "undici";
import { functionEnvironment } from "../../infra/local/runner/lambda/function-definition.ts";
import { findResource } from "../../infra/local/runner/template/find-resource.ts";
import { synthesize } from "../../infra/local/synthesize.ts";
import { readDefinitions } from "./read-definitions.ts";

/** A bundled function of the template with an AWS stub. */
export interface OneFunction {
  /**
   * Invokes the function with all events. Each environment handles its share in sequence.
   * @throws Error if an invocation fails
   */
  invoke(events: readonly unknown[]): Promise<{ ms: number; responses: string[] }>;
  awsEndpoint: string;
  tableName: string;
  /** Counts at the stub since the last call: calls by action, and items written in batches. */
  takeCounts(): Promise<{ calls: Record<string, number>; itemsWritten: number }>;
}

export interface OneFunctionOptions {
  functionName: string;
  /** Number of execution environments. */
  environments: number;
  context: Record<string, string>;
}

/** Runs one function while `work` runs. */
export async function withOneFunction<Result>(
  options: OneFunctionOptions,
  work: (one: OneFunction) => Promise<Result>,
): Promise<Result> {
  const running = new AsyncDisposableStack();
  try {
    return await work(await start(options, running));
  } finally {
    await running.disposeAsync();
  }
}

async function start(
  { functionName, environments, context }: OneFunctionOptions,
  running: AsyncDisposableStack,
): Promise<OneFunction> {
  const server = fork(join(import.meta.dirname, "servers/aws-server.ts"));
  running.defer(() => server.disconnect());
  const [port] = (await once(server, "message")) as [number];
  const awsEndpoint = `http://127.0.0.1:${port}`;

  const assemblyDir = await synthesize(context);
  running.defer(() => rmSync(assemblyDir, { recursive: true, force: true }));
  const definition = findResource(readDefinitions(assemblyDir, awsEndpoint), functionName);
  if (definition === undefined) throw new Error(`the template has no function ${functionName}`);
  const { moduleFile, exportName, variables } = definition;
  const env = functionEnvironment(definition, {
    ...{ region: "us-east-1", endpointUrl: awsEndpoint, accessKeyId: "bench", logStream: "bench" },
  });
  const workers = Array.from(
    { length: environments },
    () =>
      new Worker(join(import.meta.dirname, "execution-environment.ts"), {
        env,
        workerData: { moduleFile, exportName },
      }),
  );
  running.defer(async () => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  });

  return {
    ...{ awsEndpoint, tableName: variables.TABLE_NAME ?? "" },
    async invoke(events) {
      const responsesTo = async (worker: Worker, message: unknown) => {
        worker.postMessage(message);
        const [response] = await once(worker, "message");
        return response as string[];
      };
      const share = (place: number) => events.filter((_, index) => index % workers.length === place);
      await Promise.all(workers.map((worker, place) => responsesTo(worker, share(place))));
      const startedAt = performance.now();
      const responses = await Promise.all(workers.map((worker) => responsesTo(worker, "handle")));
      return { ms: performance.now() - startedAt, responses: responses.flat() };
    },
    async takeCounts() {
      const { body } = await request(awsEndpoint);
      return (await body.json()) as Awaited<ReturnType<OneFunction["takeCounts"]>>;
    },
  };
}
