import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { request } from "undici";
import { newDirectory, startRunner } from "../support/runner.ts";
import { until } from "../support/until.ts";

// A copy of the checkout, so a test changes no source.
const checkout = join(import.meta.dirname, "../../..");
const copy = newDirectory();
const parts = ["cli", "docs/contract", "functions", "infra", "stages", "cdk.json", "tsconfig.json"];
for (const part of [...parts, "package.json", "package-lock.json"]) {
  cpSync(join(checkout, part), join(copy, part), { recursive: true });
}
symlinkSync(join(checkout, "node_modules"), join(copy, "node_modules"));

const main = join(copy, "infra/local/main.ts");
const { outputs, stdout, stderr, kill, ended } = await startRunner(
  ["--port", "0", "--data", "memory", "--watch"],
  copy,
  main,
);
const handler = join(copy, "functions/audits-api/handler.ts");
const source = readFileSync(handler, "utf8");
const patienceMs = 120_000;
const counted = (text: string) => stdout().split(text).length - 1;

/** The header that the changed handler adds to each response. */
async function version(): Promise<string | undefined> {
  const response = await request(`${outputs.ApiUrl}/v2/issuers/${outputs.OrganizationId}/audits`);
  await response.body.dump();
  return response.headers["x-version"]?.toString();
}

/** The function, with a header in each response. */
const withVersion = (text: string) => `${source.replace("export const handler", "const inner")}
export const handler: typeof inner = async (...given: Parameters<typeof inner>) => {
  const response = await inner(...given);
  return { ...response, headers: { ...response.headers, "x-version": "${text}" } };
};
`;

test("a changed function answers from the next request on", async () => {
  expect(await version()).toBeUndefined();
  writeFileSync(handler, withVersion("one"));
  await until("it is reloaded", () => counted("reloaded audits-api in ") === 1, patienceMs);
  expect(await version()).toBe("one");
});

test("a build error is shown, and the previous code answers until it is repaired", async () => {
  writeFileSync(handler, "export const handler = {");
  await until("it is shown", () => stderr().includes("handler.ts:1"), patienceMs);
  await until("it is named", () => counted("audits-api does not build") === 1, patienceMs);
  expect(await version()).toBe("one");
  writeFileSync(handler, withVersion("two"));
  await until("it is reloaded", () => counted("reloaded audits-api in ") === 2, patienceMs);
  expect(await version()).toBe("two");
});

test("a change of the infrastructure asks for a restart", async () => {
  writeFileSync(join(copy, "infra/routes.ts"), `${readFileSync(join(copy, "infra/routes.ts"), "utf8")}\n`);
  await until("it is said", () => counted("infra/routes.ts changed: restart to use it") === 1, patienceMs);
});

test("SIGTERM stops it cleanly", async () => {
  kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 0, signal: null });
});
