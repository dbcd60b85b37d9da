import { fork } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { request } from "undici";
import { functionEnvironment } from "../../infra/local/runner/lambda/function-definition.ts";
import { findResource } from "../../infra/local/runner/template/find-resource.ts";
import { synthesize } from "../../infra/local/synthesize.ts";
import { type Environments, startEnvironments } from "./environments.ts";
import { readDefinitions } from "./read-definitions.ts";
import { whileRunning } from "./while-running.ts";

/** A bundled function of the template with an AWS stub. */
export interface OneFunction extends Pick<Environments, "invoke"> {
  awsEndpoint: string;
  tableName: string;
  /** The function's environment variables. */
  env: Record<string, string>;
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
  return await whileRunning(async (running) => work(await start(options, running)));
}

async function start(
  { functionName, environments, context }: OneFunctionOptions,
  stack: AsyncDisposableStack,
): Promise<OneFunction> {
  const opened = await openFunction(functionName, context, stack);
  const running = startEnvironments({ ...opened, count: environments });
  stack.defer(() => running.stop());
  return { ...opened, invoke: running.invoke };
}

/** A bundled function that nobody runs yet, with an AWS stub. */
export async function openFunction(functionName: string, context: Record<string, string>, stack: AsyncDisposableStack) {
  const server = fork(join(import.meta.dirname, "servers/aws-server.ts"));
  stack.defer(() => server.disconnect());
  const [port] = (await once(server, "message")) as [number];
  const awsEndpoint = `http://127.0.0.1:${port}`;

  const assemblyDir = await synthesize(context);
  stack.defer(() => rmSync(assemblyDir, { recursive: true, force: true }));
  const definition = findResource(readDefinitions(assemblyDir, awsEndpoint), functionName);
  if (definition === undefined) throw new Error(`the template has no function ${functionName}`);
  const { moduleFile, exportName, variables } = definition;
  const env = functionEnvironment(definition, {
    ...{ region: "us-east-1", endpointUrl: awsEndpoint, accessKeyId: "bench", logStream: "bench" },
  });
  return {
    ...{ awsEndpoint, tableName: variables.TABLE_NAME ?? "", env, moduleFile, exportName },
    async takeCounts() {
      const { body } = await request(awsEndpoint);
      return (await body.json()) as Awaited<ReturnType<OneFunction["takeCounts"]>>;
    },
  };
}
