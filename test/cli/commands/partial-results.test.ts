import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { exitCode, Failure } from "../../../cli/failure.ts";
import { program } from "../../../cli/program.ts";
import { anAudit, anAuditInDetail } from "../../../infra/commands/contract/openapi/audit-examples.ts";

type Answer = { status: number; body?: unknown };

/** The responses to each request, by method and path; the last one is repeated. Other requests get a 404. */
let answers: Record<string, Answer[]> = {};
let asked: string[] = [];
const server = createServer((request, response) => {
  const call = `${request.method} ${request.url?.replace("/v2/issuers/bank", "")}`;
  asked.push(call);
  const scripted = answers[call] ?? [];
  const { status, body } = (scripted.length > 1 ? scripted.shift() : scripted[0]) ?? refusal("there is no such audit");
  response.writeHead(status).end(body === undefined ? "" : JSON.stringify(body));
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const environment = {
  KARD_AUDITS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  KARD_AUDITS_KEY: "kat_x",
  KARD_AUDITS_ORGANIZATION: "bank",
};

function refusal(detail: string, status = 404): Answer {
  return { status, body: { errors: [{ status: String(status), title: "", detail }] } };
}

function audit(id: string, status: string, statusCode = 200): Answer {
  const attributes = { ...anAuditInDetail.attributes, status };
  return { status: statusCode, body: { data: { ...anAuditInDetail, id, attributes } } };
}

let stdout: string[] = [];
let stderr: string[] = [];
beforeEach(() => {
  answers = {};
  asked = [];
  stdout = [];
  stderr = [];
  jest.spyOn(console, "log").mockImplementation((text) => void stdout.push(text));
  jest.spyOn(console, "error").mockImplementation((text) => void stderr.push(text));
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs a command as `main.ts` does. */
async function run(...args: string[]) {
  process.exitCode = undefined;
  const thrown = await program("1.0.0", environment)
    .parseAsync(args, { from: "user" })
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  if (thrown !== undefined && !(thrown instanceof Failure)) throw thrown;
  return { code: thrown?.exitCode ?? process.exitCode ?? exitCode.done, message: thrown?.message };
}

const ids = () => (JSON.parse(stdout.join("\n")) as { id: string }[]).map(({ id }) => id);

test("refresh prints all audits, and reports those whose status Kard has not confirmed", async () => {
  answers = {
    "POST /audits/a/refresh": [audit("a", "NEW", 202)],
    "POST /audits/b/refresh": [audit("b", "IN_PROGRESS")],
  };
  expect(await run("refresh", "a", "b", "--json")).toMatchObject({ code: 1 });
  expect(ids()).toEqual(["a", "b"]);
  expect(stderr).toContain("a: Kard has not confirmed the audit's status; the tracker tries again by itself");
});

test("watch goes on with the other audits after one is erased, and prints them", async () => {
  answers = {
    "GET /audits/a": [audit("a", "NEW"), refusal("there is no such audit")],
    "GET /audits/b": [audit("b", "NEW"), audit("b", "NEW"), audit("b", "CLOSED")],
  };
  expect(await run("watch", "a", "b", "--every", "0", "--json")).toMatchObject({ code: 1 });
  expect(ids()).toEqual(["b"]);
  expect(stderr).toContain("a: there is no such audit");
});

test("watch prints the audits that are settled when the tracker refuses the key or the time is over", async () => {
  answers = { "GET /audits/a": [audit("a", "CLOSED")], "GET /audits/b": [audit("b", "NEW"), refusal("revoked", 403)] };
  expect(await run("watch", "a", "b", "--every", "0", "--json")).toMatchObject({ code: 3 });
  expect(ids()).toEqual(["a", "b"]);
  answers = { "GET /audits/b": [audit("b", "NEW")] };
  expect(await run("watch", "b", "gone", "--timeout-minutes", "0")).toMatchObject({ code: 4 });
  expect(stdout).toContain("0 of 2 settled");
});

test.each([
  [["subscriptions", "delete", "a", ""]],
  [["refresh", "a", ".."]],
  [["replay", "a", "b/c"]],
  [["watch", "a", ""]],
])("%j has an invalid id, so no request is made", async (args) => {
  expect(await run(...args)).toMatchObject({ code: 2, message: expect.stringMatching(/^the id "\S*" must not/) });
  expect(asked).toEqual([]);
});

test("recover counts the notifications that could not be replayed", async () => {
  const page = (notifications: number, failed: number, skipped: number, next?: string) => ({
    status: 200,
    body: {
      data: { type: "recovery", attributes: { dryRun: false, notifications, failed, skipped } },
      links: { next },
    },
  });
  const call = "POST /subscriptions/s/recover";
  answers = {
    [`${call}?dryRun=true`]: [page(6, 0, 0)],
    [`${call}?dryRun=false`]: [page(2, 1, 1, "/v2/issuers/bank/subscriptions/s/recover?next")],
    [`${call}?next`]: [page(1, 1, 0)],
  };
  expect(await run("recover", "s", "--since", "2026-11-01", "--yes")).toMatchObject({ code: 1 });
  expect(stdout).toEqual(["3 replayed, 1 expired or erased, 2 failed; run it again for them"]);
});

test("an export goes on only at the same tracker", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "export-")), "audits.csv");
  const data = [anAudit];
  const next = "/v2/issuers/bank/audits?page=2";
  answers = {
    "GET /audits?page%5Bsize%5D=200": [{ status: 200, body: { data, links: { next } } }],
    "GET /audits?page=2": [refusal("revoked", 403)],
  };
  expect(await run("export", "--output", file)).toMatchObject({ code: 3 });
  const elsewhere = { ...environment, KARD_AUDITS_URL: environment.KARD_AUDITS_URL.replace("127.0.0.1", "localhost") };
  const exporting = program("1.0.0", elsewhere).parseAsync(["export", "--output", file], { from: "user" });
  await expect(exporting).rejects.toThrow("is of an export with another tracker, issuer or options");
  rmSync(dirname(file), { recursive: true });
});
