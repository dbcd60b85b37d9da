import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import * as z from "zod";
import { commandLine } from "../support/cli/command-line.ts";
import { startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";
import { expectSigned } from "../support/webhooks/webhooks.ts";

const product = await startProduct();
const { kard, auditsAtKard } = product;
const { folder, environment, run, program } = commandLine(product);

const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts a command that runs until a signal. */
function start(...args: string[]) {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const all = ["--disable-warning=ExperimentalWarning", program, ...args];
  const child = spawn(process.execPath, all, { cwd: folder, env: { ...env, ...environment } });
  running.add(child);
  const printed = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    printed.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    printed.stderr += text;
  });
  return { printed, child };
}

async function closeAudit(transaction: string): Promise<void> {
  const file = join(folder, `${transaction}.csv`);
  writeFileSync(file, `transaction_id,user_id,audit_code,merchant_name,description\n${transaction},u,3006,Shop,gone\n`);
  expect(await run(["submit", file])).toMatchObject({ code: 0 });
  kard.closeAudit(auditsAtKard(transaction)[0]?.id ?? "", { resolutionCode: 5004 });
}

test("listen forwards an event to a receiver with a valid signature, prints a line, and ends on Ctrl-C", async () => {
  const receiver = await product.newWebhookReceiver();
  const { printed, child } = start("listen", "--forward", receiver.url, "--events", "audit.closed", "--every", "0.1");
  const secret = await until("it shows the secret", () => /^whsec_\S+$/m.exec(printed.stderr)?.[0]);
  await closeAudit("listen-1");
  const line = await until("it prints the event", () => /^.*listen-1.*\n/m.exec(printed.stdout)?.[0]);
  expect(line).toMatch(/^\d\d:\d\d:\d\d {2}audit\.closed +\S+ {2}listen-1 {2}CLOSED {2}5004 {2}→ 204 \(\d+ ms\)\n$/);
  const [webhook, ...others] = receiver.received.filter(({ body }) => body.includes("listen-1"));
  expect(others).toEqual([]);
  if (webhook === undefined) throw new Error("nothing was received");
  expectSigned(webhook, secret);
  expect(() => expectSigned({ ...webhook, body: `${webhook.body} ` }, secret)).toThrow();

  const ended = once(child, "close");
  child.kill("SIGINT");
  expect(await ended).toEqual([130, null]);
  expect(receiver.received).toHaveLength(1);

  receiver.respondWith(401);
  const refused = start("listen", "--forward", receiver.url, "--events", "audit.closed", "--replay-since", "1h");
  await until("it says how to set the secret", () => /KARD_AUDITS_WEBHOOK_SECRET/.test(refused.printed.stderr));
  refused.child.kill("SIGINT");

  const replay = start("--json", "listen", "--events", "audit.closed", "--replay-since", "1h");
  const replayed = await until("it prints the earlier event", () => /^.*listen-1.*$/m.exec(replay.printed.stdout)?.[0]);
  expect(JSON.parse(replayed)).toMatchObject({ eventName: "audit.closed", id: webhook.headers["webhook-id"] });
  replay.child.kill("SIGINT");
});

test("trigger sends an example of each event to a subscription, signed with its secret", async () => {
  const receiver = await product.newWebhookReceiver();
  const created = await run(["subscriptions", "create", receiver.url, "--json"]);
  const { id, attributes } = z
    .object({ id: z.string(), attributes: z.object({ secret: z.string() }) })
    .parse(JSON.parse(created.stdout));
  const triggered = await run(["trigger", "--subscription", id]);
  expect(triggered).toMatchObject({ code: 0, stderr: "" });
  const names = triggered.stdout
    .trim()
    .split("\n")
    .map((line) => line.split("  ")[0]);
  expect(names).toEqual(receiver.received.map(({ body }) => JSON.parse(body).type));
  expect(names).toContain("audit.overdue");
  for (const webhook of receiver.received) expectSigned(webhook, attributes.secret);

  receiver.respondWith(500);
  const failed = await run(["trigger", "audit.closed", "--subscription", id]);
  expect(failed).toMatchObject({ code: 1, stdout: expect.stringMatching(/^audit\.closed {2}evt_\S+ {2}→ 500/) });
});

test("trigger says how to set the secret if a program on this machine refuses the signature", async () => {
  const receiver = await product.newWebhookReceiver();
  receiver.respondWith(401);
  const trigger = () => run(["trigger", "audit.closed", "audit.rejected", "--forward", receiver.url]);
  const refused = await trigger();
  expect(refused).toMatchObject({ code: 1, stdout: expect.stringMatching(/→ 401 .*\n.*→ 401 /) });
  expect(refused.stderr.match(/set KARD_AUDITS_WEBHOOK_SECRET/g)).toHaveLength(1);
  receiver.respondWith(500);
  expect(await trigger()).toMatchObject({ code: 1, stderr: expect.not.stringContaining("KARD_AUDITS_WEBHOOK_SECRET") });
});

test("an example that Kard's format does not have is refused", async () => {
  const receiver = await product.newWebhookReceiver();
  const { owner } = product;
  const attributes = { webhookUrl: receiver.url, eventName: "auditUpdate", enabled: true };
  const path = `/v2/issuers/${owner.organizationId}/subscriptions`;
  const { json } = await owner.call("POST", path, { body: { data: [{ type: "subscription", attributes }] } });
  const { data } = z.object({ data: z.tuple([z.object({ id: z.string() })]) }).parse(json);
  const ask = (eventName: string) => owner.call("POST", `${path}/${data[0].id}/test`, { body: { eventName } });
  expect(await ask("audit.closed")).toMatchObject({ status: 200 });
  expect(JSON.parse(receiver.received[0]?.body ?? "")).toMatchObject({ data: { type: "auditUpdate" } });
  expect(await ask("audit.overdue")).toMatchObject({
    status: 409,
    json: { errors: [{ source: { pointer: "/eventName" } }] },
  });
  expect(receiver.received).toHaveLength(1);
});

test.each<[string, string[], Record<string, string>, number, RegExp]>([
  ["no place to send to", ["trigger"], environment, 2, /give either --subscription ID or --forward URL/],
  ["a URL without a scheme", ["listen", "--forward", "localhost:3000"], environment, 2, /must be a URL/],
  ["a refused key", ["listen"], { ...environment, KARD_AUDITS_KEY: "kat_none" }, 3, /does not accept the API key/],
  ["an unknown subscription", ["trigger", "--subscription", "none"], environment, 1, /\S/],
])("with %s it ends with the documented exit code", async (_, args, settings, code, reason) => {
  expect(await run(args, settings)).toEqual({ code, stdout: "", stderr: expect.stringMatching(reason) });
});
