import { afterEach } from "@jest/globals";
import { startLocalStack } from "../../../../../infra/local/runner/local-stack.ts";
import type { LocalStackOptions } from "../../../../../infra/local/runner/local-stack-options.ts";
import type { LocalStack } from "../../../../../infra/local/runner/local-stack-type.ts";
import { callAws, signedHeaders } from "../../../../../infra/local/runner/protocol/aws-client.ts";
import { createFaults, type Faults } from "../../../../support/stack-instruments/faults.ts";

export interface RunningStack extends LocalStack {
  readonly faults: Faults;
}

const started: LocalStack[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((stack) => stack.stop()));
});

/** Starts a stack in memory on any port. It is stopped after the test. */
export async function run(assemblyDir: string, options: Partial<LocalStackOptions> = {}): Promise<RunningStack> {
  const faults = createFaults();
  const hooks = { chooseFault: faults.strike, ...options.hooks };
  const stack = await startLocalStack({ assemblyDir, port: 0, ...options, hooks });
  started.push(stack);
  return { ...stack, faults };
}

/** Makes an AWS call as the operator. */
export function operator(stack: LocalStack, target: string, input: object): Promise<unknown> {
  return callAws(
    async (name, body) => {
      const headers = signedHeaders(name, "local", "us-east-1");
      const response = await fetch(stack.awsEndpoint, { method: "POST", headers, body });
      return { status: response.status, headers: {}, body: Buffer.from(await response.arrayBuffer()) };
    },
    target,
    input,
  );
}

/** Waits until a condition holds; fails with a description of it after thirty seconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited thirty seconds until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
