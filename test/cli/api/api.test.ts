import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeEach, expect, test } from "@jest/globals";
import * as z from "zod";
import { type ApiTiming, connect } from "../../../cli/api/api.ts";
import { readList } from "../../../cli/api/pages.ts";
import { forEachId } from "../../../cli/output/terminal.ts";

type ScriptedResponse = { status: number; headers?: Record<string, string>; body?: string } | "reset" | "break-off";

/** The server's next responses; the last one is repeated. */
let responses: ScriptedResponse[] = [];
let asked: { at: number; method: string; path: string; key: string | undefined; body: string }[] = [];
beforeEach(() => {
  asked = [];
});

const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
  const { method = "", url: path = "", headers } = request;
  const body = await text(request);
  asked.push({ at: performance.now(), method, path, key: headers["idempotency-key"]?.toString(), body });
  const scripted = (responses.length > 1 ? responses.shift() : responses[0]) ?? "reset";
  if (scripted === "reset") request.socket.destroy();
  else if (scripted === "break-off") {
    response.writeHead(200, { "content-length": "100" });
    response.write('{"data":[', () => request.socket.destroy());
  } else response.writeHead(scripted.status, scripted.headers).end(scripted.body ?? "{}");
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
afterAll(() => {
  server.close();
});

const timing: ApiTiming = { maxTries: 4, firstPauseMs: 1, maxPauseMs: 5_000, timeoutMs: 5_000 };
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const api = connect({ url, key: "kat_x", organizationId: "org" }, timing);
const get = { method: "GET", path: "/audits" } as const;
const create = { method: "POST", path: "/audits", body: { a: 1 }, idempotencyKey: "k1" } as const;
const replay = { method: "POST", path: "/replay" } as const;
const failure = (exitCode: number, message: string) =>
  expect.objectContaining({ exitCode, message: expect.stringContaining(message) });

test("after a 429 it waits for Retry-After, for any method", async () => {
  responses = [{ status: 429, headers: { "retry-after": "1" } }, { status: 202 }];
  expect(await api.send(replay)).toEqual({ status: 202, body: {}, isRepeat: false });
  const [first, second] = asked;
  expect(asked).toHaveLength(2);
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(999);
});

test.each([
  ["a GET", get],
  ["a create with its key", create],
])("%s is repeated unchanged after no response or a 5xx", async (_, request) => {
  responses = ["reset", "break-off", { status: 503 }, { status: 201, body: '{"data":[]}' }];
  expect(await api.send(request)).toEqual({ status: 201, body: { data: [] }, isRepeat: false });
  expect(asked).toHaveLength(4);
  expect(new Set(asked.map(({ key, body }) => `${key} ${body}`)).size).toBe(1);
});

test.each<[string, ScriptedResponse]>([
  ["no response", "reset"],
  ["half a response", "break-off"],
  ["a 500", { status: 500 }],
])("after %s nothing is repeated that could happen twice", async (_, response) => {
  responses = [response];
  await expect(api.send(replay)).rejects.toEqual(failure(3, url));
  expect(asked).toHaveLength(1);
});

test("it stops after the last try", async () => {
  responses = [{ status: 429, headers: { "retry-after": "0" } }];
  await expect(api.send(get)).rejects.toEqual(failure(3, "answered 429, 4 times"));
  expect(asked).toHaveLength(4);
});

test.each<[string, ScriptedResponse, number, string]>([
  ["a key that is not taken", { status: 401 }, 3, "does not accept the API key"],
  [
    "a key of less scope",
    { status: 403, body: JSON.stringify({ errors: [{ status: "403", title: "", detail: "needs audit:read" }] }) },
    3,
    "the API key is not allowed to do this: needs audit:read",
  ],
  [
    "what is refused",
    {
      status: 400,
      body: JSON.stringify({
        errors: [{ status: "400", title: "", detail: "is wrong", source: { pointer: "/data/0/attributes/auditCode" } }],
      }),
    },
    1,
    "auditCode: is wrong",
  ],
  ["another server", { status: 200, body: "<html>" }, 3, "does not answer like a tracker"],
])("%s fails with the reason", async (_, response, exitCode, message) => {
  responses = [response];
  await expect(api.ask(z.object({ data: z.array(z.unknown()) }), get)).rejects.toEqual(failure(exitCode, message));
  expect(asked).toHaveLength(1);
});

test("a response that always breaks off fails with a message in one line", async () => {
  responses = ["break-off"];
  await expect(api.send(get)).rejects.toEqual(failure(3, "gave no complete response: terminated"));
});

test("if a page of a list fails, the pages read so far are kept", async () => {
  const page = (id: string) => ({ status: 200, body: JSON.stringify({ data: [id], links: { next: "/more" } }) });
  const schema = z.object({ data: z.array(z.string()), links: z.object({ next: z.string().optional() }) });
  responses = [page("a"), page("b"), "break-off"];
  expect(await readList(api, schema, get, 10)).toEqual({
    items: ["a", "b"],
    failure: failure(3, "gave no complete response"),
  });
});

test("if the tracker becomes unreachable, results for earlier ids are kept", async () => {
  const notes: string[] = [];
  responses = [{ status: 202 }, { status: 202 }, "break-off"];
  const done = await forEachId({ note: (text) => notes.push(text) }, ["a", "b", "c", "d"], async (id) => {
    await api.send({ method: "POST", path: `/${id}` });
    return id;
  });
  expect({ done, notes, code: process.exitCode }).toEqual({
    done: ["a", "b"],
    notes: [expect.stringContaining("c: http")],
    code: 3,
  });
  process.exitCode = undefined;
  expect(asked).toHaveLength(3);
});

test.each([".evil.example/steal", "@evil.example/", "0/audits", "//evil.example/", "http://evil.example/", ""])(
  "the path %j, which can name another host, is not requested",
  async (path) => {
    responses = [{ status: 200 }];
    await expect(api.send({ method: "GET", path })).rejects.toEqual(failure(2, "is not a path of http://127.0.0.1"));
    expect(asked).toEqual([]);
  },
);
