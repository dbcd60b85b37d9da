import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeEach, expect, test } from "@jest/globals";
import * as z from "zod";

const folder = mkdtempSync(join(tmpdir(), "interrupted-"));
const program = join(import.meta.dirname, "../../../cli/main.ts");
const body = z.object({ data: z.tuple([z.object({ attributes: z.object({ transactionId: z.string() }) })]) });

/** A tracker's creates: an Idempotency-Key files one audit, and is answered with it from then on. */
let filed = new Map<string, { id: string; transactionId: string }>();
let onFiled = () => {};
/** While it is held, requests are taken and wait for their responses. */
let held: { release: Promise<void> } | undefined;
const server = createServer(async (request, response) => {
  const key = String(request.headers["idempotency-key"]);
  const [{ attributes }] = body.parse(JSON.parse(await text(request))).data;
  const isRepeat = filed.has(key);
  const audit = filed.get(key) ?? { id: `audit-${filed.size}`, transactionId: attributes.transactionId };
  filed.set(key, audit);
  onFiled();
  await held?.release;
  response.writeHead(201, isRepeat ? { "idempotent-replayed": "true" } : {});
  const { id, transactionId } = audit;
  response.end(JSON.stringify({ data: [{ type: "audit", id, attributes: { transactionId } }] }));
});
server.listen(0, "127.0.0.1");
await once(server, "listening");

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  filed = new Map();
  held = undefined;
});

function fileOf(lines: number): string {
  const rows = Array.from({ length: lines }, (_, index) => `t-${index},u1,3006,Shop,never posted`);
  const file = join(folder, `${lines}.csv`);
  writeFileSync(file, ["transaction_id,user_id,audit_code,merchant_name,description", ...rows].join("\n"));
  return file;
}

/** Runs `submit` with its output in pipes, as where it is redirected. */
function submit(file: string, ...options: string[]) {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", program, "submit", file, "--json", ...options],
    {
      env: {
        ...env,
        KARD_AUDITS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        KARD_AUDITS_KEY: "kat_x",
        KARD_AUDITS_ORGANIZATION: "org",
      },
    },
  );
  children.push(child);
  const ended = Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr).catch(() => "")]);
  return { child, ended: ended.then(([[code], stdout, stderr]) => ({ code, stdout, stderr })) };
}

/** Waits until so many audits are filed. */
function untilFiled(count: number): Promise<void> {
  return new Promise((resolve) => {
    onFiled = () => {
      if (filed.size >= count) resolve();
    };
  });
}

const results = z.array(z.object({ line: z.number(), result: z.string(), id: z.string().optional() }));

test("5,000 lines, interrupted twice, are submitted once each", async () => {
  const file = fileOf(5_000);
  for (const count of [1_200, 3_100]) {
    const reached = untilFiled(count);
    const { child, ended } = submit(file);
    await reached;
    child.kill("SIGKILL");
    expect((await ended).stdout).toBe("");
  }
  const before = filed.size;
  expect(before).toBeLessThan(5_000);
  const { code, stdout, stderr } = await submit(file).ended;
  expect(code).toBe(0);
  const lines = results.parse(JSON.parse(stdout));
  expect(lines).toHaveLength(5_000);
  expect(lines.filter(({ result }) => result === "filed-before")).toHaveLength(before);
  expect(filed.size).toBe(5_000);
  expect(new Set([...filed.values()].map(({ transactionId }) => transactionId)).size).toBe(5_000);
  expect(new Set(lines.map(({ id }) => id))).toEqual(new Set([...filed.values()].map(({ id }) => id)));
  expect(stderr).toContain(`5000 filed, ${before} of them before`);
}, 120_000);

test.each<[NodeJS.Signals, number]>([
  ["SIGINT", 130],
  ["SIGTERM", 143],
])(
  "%s stops it and reports what was submitted and what was not",
  async (signal, exitCode) => {
    const release = Promise.withResolvers<void>();
    const reached = untilFiled(104);
    const { child, ended } = submit(fileOf(400));
    // Four at once: the last four are under way when the signal comes.
    onFiled = ((former) => () => {
      if (filed.size === 101) held = { release: release.promise };
      former();
    })(onFiled);
    await reached;
    child.kill(signal);
    // Its progress shows that the signal has been seen: nothing more is sent, whatever the responses are.
    release.resolve();
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(exitCode);
    const lines = results.parse(JSON.parse(stdout));
    const count = (kind: string) => lines.filter(({ result }) => result === kind).length;
    expect(lines).toHaveLength(400);
    expect(count("filed")).toBe(filed.size);
    expect(count("filed") + count("unsent")).toBe(400);
    expect(stderr).toContain(`${filed.size} filed, 0 of them before`);
    expect(stderr).toContain("Interrupted. Run the same command again to submit the rest; nothing is submitted twice.");
  },
  60_000,
);

test("damaged ids and ignored columns are named once, and lines that are filed have their warning", async () => {
  const file = join(folder, "warned.csv");
  const head = "transaction_id,user_id,audit_code,merchant_name,description,merchant_id,queue,branch";
  writeFileSync(file, [head, "1.23E+15,u1,3006,Shop,x,m1,vip,north", "t2,u1,3006,Shop,x,m2,,"].join("\n"));
  const { code, stdout, stderr } = await submit(file, "--metadata", "queue, branch").ended;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject([{ result: "filed", warning: expect.any(String) }, { result: "filed" }]);
  expect(stderr).toMatch(/^warning: line 2: transactionId: 1\.23E\+15 looks like a number/m);
  expect(stderr).toContain("warning: for lines with a user, these columns are ignored: merchant_id\n");
});

test("a reader of standard error that ends does not end the program", async () => {
  const release = Promise.withResolvers<void>();
  held = { release: release.promise };
  const { child, ended } = submit(fileOf(1));
  child.stderr.destroy();
  await untilFiled(1);
  // The first report of the progress comes after five seconds.
  await setTimeout(6_000);
  release.resolve();
  expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining("filed") });
}, 60_000);
