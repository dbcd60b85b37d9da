import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { createCallers } from "../../../../../infra/local/runner/aws-proxy/callers.ts";
import { startExecutionEnvironment } from "../../../../../infra/local/runner/lambda/execution-environment.ts";
import type { FunctionDefinition } from "../../../../../infra/local/runner/lambda/function-definition.ts";

const directory = mkdtempSync(join(tmpdir(), "kard-audit-tracker-slow-init-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("a slow start on a busy machine is logged, and the invocation succeeds", async () => {
  const moduleFile = join(directory, "index.mjs");
  writeFileSync(moduleFile, `await new Promise((r) => setTimeout(r, 100)); export const handler = async () => "fine";`);
  const definition: FunctionDefinition = {
    ...{ id: "Slow", name: "Slow", arn: "arn:aws:lambda:us-east-1:000000000000:function:Slow", logGroup: "logs" },
    ...{ role: { name: "Role", arn: "arn:aws:iam::000000000000:role/Role", statements: [], trusts: () => true } },
    ...{ moduleFile, exportName: "handler", handler: "index.handler", taskRoot: directory, variables: {} },
    ...{ timeoutSeconds: 60, memorySize: 128, reservedConcurrency: undefined, allowsRecursion: false },
    mayWriteLogs: true,
  };
  const lines: string[] = [];
  const environment = startExecutionEnvironment(definition, {
    ...{ region: "us-east-1", endpointUrl: "http://127.0.0.1:1", callers: createCallers(), isFunction: () => false },
    ...{ onLog: ({ line }) => void lines.push(line), initLimitMs: 10 },
  });
  try {
    await environment.ready;
    expect(await environment.invoke("{}", "")).toMatchObject({ status: "succeeded", payload: '"fine"' });
  } finally {
    await environment.terminate();
  }
  expect(lines).toEqual([expect.stringContaining("INIT takes longer than Lambda's limit")]);
});
