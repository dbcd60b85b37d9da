import { beforeAll, expect, test } from "@jest/globals";
import { Duration } from "aws-cdk-lib/core";
import { measureHeap } from "../../../../support/stack-instruments/peak-heap.ts";
import { lambda, synthesize } from "../support/assembly.ts";
import { run, until } from "../support/running-stack.ts";

let assemblyDir: string;
beforeAll(() => {
  assemblyDir = synthesize((stack) => {
    lambda(
      stack,
      "Inspect",
      `
      const loaded = Math.random();
      export const handler = async (event, context) => {
        console.log("hello", event.name);
        return { event, loaded, env: process.env, id: context.awsRequestId, left: context.getRemainingTimeInMillis(),
          arn: context.invokedFunctionArn };
      };`,
      { environment: { COLOR: "green" }, memorySize: 256 },
    );
    lambda(
      stack,
      "Hold",
      `
      export const handler = async ({ numbers, ms }) => {
        const held = Array.from({ length: numbers }, () => Math.random());
        await new Promise((resolve) => setTimeout(resolve, ms));
        return held.length;
      };`,
    );
    lambda(
      stack,
      "Misbehave",
      `
      export const handler = async ({ how }) => {
        if (how === "throw") throw new TypeError("no good");
        if (how === "exit") process.exit(3);
        if (how === "reject") { Promise.reject(new Error("nobody cares")); await new Promise(() => {}); }
        if (how === "hang") await new Promise(() => {});
        return "fine";
      };`,
      { timeout: Duration.seconds(1) },
    );
    lambda(stack, "Unstartable", `export const handler = () => {};`, {
      environment: { NODE_OPTIONS: "--no-such-option" },
    });
    lambda(stack, "Broken", `throw new Error("cannot load"); export const handler = () => {};`);
    lambda(
      stack,
      "Slow",
      `
      export const handler = async ({ ms }) => {
        console.log("begun");
        await new Promise((r) => setTimeout(r, ms));
        return process.env.AWS_ACCESS_KEY_ID;
      };`,
    );
    lambda(stack, "Single", `export const handler = () => new Promise((r) => setTimeout(r, 200));`, {
      reservedConcurrentExecutions: 1,
    });
  });
});

test("a function gets only the template's and Lambda's environment variables", async () => {
  const stack = await run(assemblyDir);
  const outcome = await stack.invoke("Inspect", { name: "you" });
  if (outcome.status !== "succeeded") throw new Error(outcome.status);
  const { event, env, id, left, arn } = JSON.parse(outcome.payload);
  expect(event).toEqual({ name: "you" });
  expect(env).toMatchObject({
    COLOR: "green",
    _HANDLER: "index.handler",
    AWS_REGION: "us-east-1",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
    AWS_ENDPOINT_URL: stack.awsEndpoint,
  });
  expect(env).not.toHaveProperty("PATH");
  expect(env).not.toHaveProperty("NODE_OPTIONS");
  expect(id).toBe(outcome.requestId);
  expect(left).toBeGreaterThan(4000);
  expect(arn).toMatch(/^arn:aws:lambda:us-east-1:000000000000:function:Local-Inspect/);
  expect(stack.logs).toMatchObject([{ requestId: id, line: "hello you" }]);
});

test("reuses idle environments, and starts more up to the limit", async () => {
  const stack = await run(assemblyDir, { concurrency: 2 });
  const loaded = async () => JSON.parse(((await stack.invoke("Inspect", {})) as { payload: string }).payload).loaded;
  expect(await loaded()).toBe(await loaded());
  const used = async () => {
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => stack.invoke("Slow", { ms: 50 })));
    return new Set(outcomes.map((outcome) => outcome.status === "succeeded" && outcome.payload)).size;
  };
  // On a busy machine, one environment can handle all of them while the other starts.
  await until("two environments are used", async () => {
    const count = await used();
    expect(count).toBeLessThanOrEqual(2);
    return count === 2;
  });
});

test("ends an environment that stays idle", async () => {
  const stack = await run(assemblyDir, { keepIdleMs: 1 });
  const loaded = async () => JSON.parse(((await stack.invoke("Inspect", {})) as { payload: string }).payload).loaded;
  const first = await loaded();
  await until("a new environment handles an invocation", async () => (await loaded()) !== first);
});

test("an invocation reports its peak heap", async () => {
  const stack = await run(assemblyDir, { hooks: { measureHeap } });
  // Long enough for a sample on a busy machine.
  const heapWith = async (numbers: number) => {
    const outcome = await stack.invoke("Hold", { numbers, ms: 800 });
    return outcome.status === "succeeded" ? (outcome.maxHeapBytes ?? 0) : 0;
  };
  const little = await heapWith(1);
  expect(little).toBeGreaterThan(1_000_000);
  expect(await heapWith(4_000_000)).toBeGreaterThan(little + 8 * 4_000_000 * 0.9);
});

test("above its reserved concurrency, a function is throttled", async () => {
  const stack = await run(assemblyDir);
  const outcomes = await Promise.all([stack.invoke("Single", {}), stack.invoke("Single", {})]);
  expect(outcomes.map(({ status }) => status)).toEqual(["succeeded", "throttled"]);
  expect(stack.logs.map(({ line }) => line)).toEqual([expect.stringContaining("reserved concurrency of 1")]);
});

test.each([
  ["throw", { errorType: "TypeError", errorMessage: "no good" }],
  ["exit", { errorType: "Runtime.ExitError", errorMessage: expect.stringContaining("exit status 3") }],
  ["reject", { errorType: "Runtime.Error", errorMessage: "nobody cares" }],
  [
    "hang",
    { errorType: "Sandbox.Timedout", errorMessage: expect.stringContaining("Task timed out after 1.00 seconds") },
  ],
])("a function with %s fails, and the next invocation works", async (how, failure) => {
  const stack = await run(assemblyDir);
  expect(await stack.invoke("Misbehave", { how })).toMatchObject({ status: "failed", ...failure });
  expect(await stack.invoke("Misbehave", {})).toMatchObject({ status: "succeeded", payload: '"fine"' });
});

test("a function fails if its module does not load", async () => {
  const stack = await run(assemblyDir);
  expect(await stack.invoke("Broken", {})).toMatchObject({ status: "failed", errorMessage: "cannot load" });
});

test("a function fails if its worker cannot start", async () => {
  const stack = await run(assemblyDir);
  expect(await stack.invoke("Unstartable", {})).toMatchObject({
    errorMessage: expect.stringContaining("NODE_OPTIONS"),
  });
});

test("stopping ends running invocations", async () => {
  const stack = await run(assemblyDir);
  const invocation = stack.invoke("Slow", { ms: 60_000 });
  await until("the worker runs", () => stack.logs.some(({ line }) => line.includes("begun")));
  await stack.stop();
  expect(await invocation).toMatchObject({ status: "failed" });
});

test("invoking an unknown function fails with its name", async () => {
  const stack = await run(assemblyDir);
  await expect(stack.invoke("Nobody", {})).rejects.toThrow("no function Nobody");
});
