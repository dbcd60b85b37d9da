import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "@jest/globals";
import { createCallers } from "../../../../../infra/local/runner/aws-proxy/callers.ts";
import type { FunctionDefinition } from "../../../../../infra/local/runner/lambda/function-definition.ts";
import { createLambdaFunction, type LambdaFunction } from "../../../../../infra/local/runner/lambda/lambda-function.ts";

const directory = mkdtempSync(join(tmpdir(), "kard-audit-tracker-waiting-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const moduleFile = join(directory, "index.mjs");
writeFileSync(moduleFile, "export const handler = () => new Promise(() => {});");

const definition: FunctionDefinition = {
  ...{ id: "Fn", name: "Fn", arn: "arn:aws:lambda:us-east-1:000000000000:function:Fn", logGroup: "logs" },
  ...{ role: { name: "Role", arn: "arn:aws:iam::000000000000:role/Role", statements: [], trusts: () => true } },
  ...{ exportName: "handler", handler: "index.handler", variables: {}, mayWriteLogs: true, taskRoot: directory },
  ...{ timeoutSeconds: 60, memorySize: 128, reservedConcurrency: undefined, allowsRecursion: false },
  moduleFile,
};

let fn: LambdaFunction;
beforeEach(async () => {
  fn = createLambdaFunction(
    definition,
    { concurrency: 1, keepIdleMs: 60_000 },
    {
      ...{ region: "us-east-1", endpointUrl: "http://127.0.0.1:1", callers: createCallers(), isFunction: () => false },
      onLog: () => {},
    },
  );
});

/** Status of an invocation, or `waits`. */
const statusOf = (invocation: ReturnType<LambdaFunction["invoke"]>) =>
  Promise.race([
    invocation.then(({ status }) => status),
    new Promise((resolve) => setImmediate(() => setImmediate(() => resolve("waits")))),
  ]);

test("at most 1,000 invocations wait, as many as AWS runs at a time", async () => {
  const running = fn.invoke({});
  const waiting = Array.from({ length: 1_000 }, () => fn.invoke({}));
  expect(await statusOf(fn.invoke({}))).toBe("throttled");
  expect(await statusOf(waiting[0] ?? running)).toBe("waits");
  await fn.stop();
  expect(new Set(await Promise.all(waiting.map(statusOf)))).toEqual(new Set(["throttled"]));
});

test("an invocation whose caller has gone does not wait any longer", async () => {
  void fn.invoke({});
  const caller = new AbortController();
  const abandoned = fn.invoke({}, [], undefined, caller.signal);
  const other = fn.invoke({});
  caller.abort();
  expect(await statusOf(abandoned)).toBe("throttled");
  expect(await statusOf(other)).toBe("waits");
  expect(await statusOf(fn.invoke({}, [], undefined, AbortSignal.abort()))).toBe("throttled");
  await fn.stop();
});
