import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { request } from "undici";
import { runCurl } from "../support/cli/bash.ts";
import { idsIn, issuerWith } from "../support/issuer.ts";
import { newDirectory, startRunner } from "../support/runner.ts";
import { until } from "../support/until.ts";

const cwd = newDirectory();
const { outputs, stdout, kill, ended } = await startRunner(["--port", "0", "--data", "memory", "--tick", "0.5"], cwd);
const welcome = stdout();

/** The terminal's output after the welcome. */
const shown = () =>
  stdout()
    .slice(welcome.length)
    .trim()
    .split("\n")
    .filter((line) => line !== "");

test("the welcome has URLs and key, and the outputs file has mode 600", () => {
  const { ApiUrl, ApiKey, KardUrl, ResolutionsQueueUrl, SqsEndpoint } = outputs;
  for (const value of [ApiUrl, ApiKey, KardUrl, ResolutionsQueueUrl, SqsEndpoint]) expect(welcome).toContain(value);
  expect(statSync(join(cwd, ".local/outputs.json")).mode & 0o077).toBe(0);
  expect(outputs).toMatchObject({
    ConsoleUrl: expect.stringContaining(ApiUrl),
    DeliveriesQueueUrl: expect.stringContaining(SqsEndpoint),
    TableName: expect.any(String),
    OrganizationId: "organization-123",
    DynamoDbEndpoint: expect.any(String),
  });
});

test("while idle, the terminal is silent and the log file has every tick", async () => {
  const ticks = () => readFileSync(join(cwd, ".local/functions.log"), "utf8").match(/"message":"tick"/g)?.length ?? 0;
  await until("some ticks have passed", () => ticks() >= 3);
  expect(shown()).toEqual([]);
});

test("the printed curl works, and the terminal summarizes the events", async () => {
  const [curl = ""] = /^ {2}curl [\s\S]*?'$/m.exec(welcome) ?? [];
  const { status, text } = await runCurl(curl);
  expect(status).toBe(201);
  const [id = ""] = idsIn({ status, headers: {}, text, json: JSON.parse(text) });
  const settings = { autoProgress: { startAfterMs: 0, closeAfterMs: 0 } };
  await (
    await request(`${outputs.KardUrl}/admin/settings`, { method: "PUT", body: JSON.stringify(settings) })
  ).body.dump();
  const issuer = issuerWith(outputs.ApiUrl, outputs.OrganizationId, outputs.ApiKey);
  await until("it is closed", async () => (await issuer.audit(id)).attributes.status === "CLOSED");
  await until("the terminal shows it", () => shown().some((line) => /(pushes from|changed at) Kard/.test(line)));
  for (const line of shown()) expect(line).toMatch(/^\d\d:\d\d:\d\d [a-z-]+: [^{}]{1,100}$/);
});

test("SIGTERM stops it cleanly", async () => {
  kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 0, signal: null, stderr: "" });
});
