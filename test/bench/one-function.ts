import { fork } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { request } from "undici";
import { createCallers } from "../../infra/local/aws/callers.ts";
import { readRoles } from "../../infra/local/aws/iam-roles.ts";
import { createLambdaFunction } from "../../infra/local/lambda/lambda.ts";
import { readFunctions } from "../../infra/local/lambda/lambda-definition.ts";
import { findResource } from "../../infra/local/stack/find-resource.ts";
import { resolveStack } from "../../infra/local/stack/stack-resources.ts";
import { loadAssembly } from "../../infra/local/stack/template.ts";
import { synthesize } from "../../infra/local/synthesize.ts";

/** A bundled function of the template, alone with a stand-in for AWS. */
export interface OneFunction {
  /** @throws Error unless the invocation succeeds. */
  invoke(event: unknown): Promise<string>;
  awsEndpoint: string;
  tableName: string;
  /** What has been asked of the stand-in since the last call: calls by action, and items written in batches. */
  takeCounts(): Promise<{ calls: Record<string, number>; itemsWritten: number }>;
}

export interface OneFunctionOptions {
  functionName: string;
  /** How many execution environments it may have. */
  environments: number;
  context: Record<string, string>;
}

/** Runs one function for as long as `work` lasts. */
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
  const server = fork(join(import.meta.dirname, "aws-server.ts"));
  running.defer(() => server.disconnect());
  const [port] = (await once(server, "message")) as [number];
  const awsEndpoint = `http://127.0.0.1:${port}`;

  const assemblyDir = await synthesize(context);
  running.defer(() => rmSync(assemblyDir, { recursive: true, force: true }));
  const assembly = loadAssembly(assemblyDir);
  const { region } = assembly;
  const stack = resolveStack(assembly, {
    ...{ partition: "aws", region, account: "000000000000" },
    ...{ frontDoorUrl: awsEndpoint, apiUrl: "http://api.invalid" },
  });
  const definition = findResource(readFunctions(stack, assembly.assetDirs, readRoles(stack)), functionName);
  if (definition === undefined) throw new Error(`the template has no function ${functionName}`);
  const fn = createLambdaFunction(definition, environments, {
    ...{ region, endpointUrl: awsEndpoint, callers: createCallers() },
    isFunction: () => false,
    onLog: () => undefined,
  });
  running.defer(() => fn.stop());

  return {
    ...{ awsEndpoint, tableName: definition.variables.TABLE_NAME ?? "" },
    async invoke(event) {
      const invocation = await fn.invoke(event);
      if (invocation.status === "succeeded") return invocation.payload;
      throw new Error(`${functionName} failed: ${JSON.stringify(invocation)}`);
    },
    async takeCounts() {
      const { body } = await request(awsEndpoint);
      return (await body.json()) as Awaited<ReturnType<OneFunction["takeCounts"]>>;
    },
  };
}
