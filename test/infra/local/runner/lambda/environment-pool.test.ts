import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "@jest/globals";
import { createCallers } from "../../../../../infra/local/runner/aws-proxy/callers.ts";
import {
  createEnvironmentPool,
  type EnvironmentPool,
} from "../../../../../infra/local/runner/lambda/environment-pool.ts";
import type { FunctionDefinition } from "../../../../../infra/local/runner/lambda/function-definition.ts";
import { until } from "../support/running-stack.ts";

const directory = mkdtempSync(join(tmpdir(), "kard-audit-tracker-pool-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const pools: EnvironmentPool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.stop();
});

/** A module that answers with a text. While its `hold` file exists, it does not finish loading. */
function codeOf(name: string) {
  const [moduleFile, hold] = [join(directory, `${name}.mjs`), join(directory, `${name}.hold`)];
  const loading = `while (existsSync(${JSON.stringify(hold)})) await new Promise((r) => setTimeout(r, 10));`;
  const handler = `export const handler = async () => ${JSON.stringify(name)};`;
  writeFileSync(moduleFile, `import { existsSync } from "node:fs";\nconsole.log("loads");\n${loading}\n${handler}`);
  return { taskRoot: directory, moduleFile, hold };
}

function poolOf(code: { taskRoot: string; moduleFile: string }) {
  const definition: FunctionDefinition = {
    ...{ id: "Fn", name: "Fn", arn: "arn:aws:lambda:us-east-1:000000000000:function:Fn", logGroup: "logs" },
    ...{ role: { name: "Role", arn: "arn:aws:iam::000000000000:role/Role", statements: [], trusts: () => true } },
    ...{ exportName: "handler", handler: "index.handler", variables: {}, mayWriteLogs: true },
    ...{ timeoutSeconds: 60, memorySize: 128, reservedConcurrency: undefined, allowsRecursion: false, ...code },
  };
  const lines: string[] = [];
  const pool = createEnvironmentPool(definition, 60_000, {
    ...{ region: "us-east-1", endpointUrl: "http://127.0.0.1:1", callers: createCallers(), isFunction: () => false },
    onLog: ({ line }) => void lines.push(line),
  });
  pools.push(pool);
  return { pool, starts: () => lines.filter((line) => line === "loads").length };
}

const answer = async (environment: Awaited<ReturnType<EnvironmentPool["take"]>>) => {
  const invocation = await environment.invoke("{}", "");
  return invocation.status === "succeeded" ? JSON.parse(invocation.payload) : invocation;
};

test("an invocation takes an environment that becomes free before a new one has loaded", async () => {
  const code = codeOf("free");
  const { pool, starts } = poolOf(code);
  const first = await pool.take();
  writeFileSync(code.hold, "");
  const waiting = pool.take();
  await until("the second loads", () => starts() === 2);
  pool.release(first);
  expect(await waiting).toBe(first);
  // The one that still loads serves the next invocation, so no third one starts.
  const next = pool.take();
  rmSync(code.hold);
  expect(await next).not.toBe(first);
  expect(starts()).toBe(2);
});

test("replaced code answers from the next invocation on, and a running invocation keeps its own", async () => {
  const { pool } = poolOf(codeOf("before"));
  const [running, idle] = [await pool.take(), await pool.take()];
  pool.release(idle);
  pool.replaceCode(codeOf("after"));
  const next = await pool.take();
  expect(await answer(next)).toBe("after");
  expect(await answer(running)).toBe("before");
  pool.release(running);
  expect(running.alive()).toBe(false);
  expect(await pool.take()).not.toBe(running);
});

test("an environment whose code is replaced while it loads is replaced, too", async () => {
  const before = codeOf("loading");
  writeFileSync(before.hold, "");
  const { pool, starts } = poolOf(before);
  const taking = pool.take();
  await until("it loads", () => starts() === 1);
  pool.replaceCode(codeOf("loaded"));
  rmSync(before.hold);
  expect(await answer(await taking)).toBe("loaded");
});
