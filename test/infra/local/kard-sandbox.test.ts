import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "@jest/globals";
import {
  type KardSandbox,
  type KardSandboxOptions,
  startKardSandbox,
} from "../../../infra/local/kard-sandbox/kard-sandbox.ts";
import { auditUpdate, checkKardAnswer } from "../../support/kard-contract.ts";

const clientId = "client";
const clientSecret = "a secret: with a colon";
const webhookKey = "webhook key";
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: Partial<KardSandboxOptions> = {}) {
  const sandbox = await startKardSandbox({
    port: 0,
    dataFile: ":memory:",
    ...{ clientId, clientSecret, webhookKey },
    pushRetryDelaysMs: [1, 1],
    ...options,
  });
  cleanups.push(sandbox.stop);
  return { sandbox, kard: caller(sandbox) };
}

/** Calls the sandbox and holds every answer to Kard's reference. */
function caller({ url }: KardSandbox) {
  return async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, {
      method,
      headers,
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const content = await response.text();
    const contentType = response.headers.get("content-type") ?? "";
    const [plainPath = ""] = path.split("?");
    if (!path.startsWith("/admin")) checkKardAnswer(method, plainPath, response.status, contentType, content);
    const parsed = contentType.startsWith("application/json") ? JSON.parse(content) : content;
    return { status: response.status, body: parsed, headers: response.headers };
  };
}

const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
const form = { "content-type": "application/x-www-form-urlencoded" };
const grant = "grant_type=client_credentials";

async function authorized(kard: ReturnType<typeof caller>, more: Record<string, string> = {}) {
  const headers = { authorization: basic(clientId, clientSecret), ...form, ...more };
  const { body } = await kard("POST", "/v2/auth/token", grant, headers);
  return { authorization: `Bearer ${body.access_token}` };
}

const audits = "/v2/issuers/organization-123/users/user-123/audits";
const attributes = {
  auditCode: 8001,
  merchantName: "Caribbean Goodness",
  auditDescription: "duplicate transaction",
  transactionId: "issuerTransaction123",
};
const legacy = { ...attributes, preferredContactEmail: "someone@company.com", issuer: "An Issuer" };
const creation = (...transactionIds: string[]) => ({
  data: transactionIds.map((transactionId) => ({ type: "audit", attributes: { ...attributes, transactionId } })),
});

async function until<Value>(probe: () => Promise<Value | undefined | false>): Promise<Value> {
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function startWebhook(status: () => number) {
  const received: { body: string; signature: string | undefined }[] = [];
  const server = createServer(async (request, response) => {
    const signature = request.headers["notify-signature"];
    received.push({ body: await text(request), signature: typeof signature === "string" ? signature : undefined });
    response.writeHead(status()).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(async () => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}/hook`, received };
}

describe("the token call", () => {
  test("answers as Kard's authentication guide says", async () => {
    const { kard } = await start();
    const ask = (headers: Record<string, string>, body = grant) => kard("POST", "/v2/auth/token", body, headers);
    expect(await ask({ ...form })).toMatchObject({ status: 400 });
    expect(await ask({ ...form, authorization: basic(clientId, clientSecret) }, "grant_type=password")).toMatchObject({
      status: 400,
    });
    expect(await ask({ ...form, authorization: basic(clientId, "wrong") })).toMatchObject({ status: 401 });
    expect(await ask({ ...form, authorization: basic("nobody", clientSecret) })).toMatchObject({ status: 404 });
    expect(await ask({ ...form, authorization: basic(clientId, clientSecret) })).toMatchObject({
      status: 200,
      body: { expires_in: 3600 },
    });
  });

  test("tokens expire, can be revoked, and are locked to the issuer named", async () => {
    let now = 1_000_000;
    const { kard, sandbox } = await start({ now: () => now });
    const list = "/v2/issuers/organization-123/subscriptions";
    const token = await authorized(kard);
    expect(await kard("GET", list, undefined, token)).toMatchObject({ status: 200 });
    now += 3_600_000;
    expect(await kard("GET", list, undefined, token)).toMatchObject({ status: 401 });
    const locked = await authorized(kard, { "x-kard-target-issuer": "somebody-else" });
    expect(await kard("GET", list, undefined, locked)).toMatchObject({ status: 401 });
    const fresh = await authorized(kard);
    sandbox.revokeTokens();
    expect(await kard("GET", list, undefined, fresh)).toMatchObject({ status: 401 });
    expect(await kard("GET", "/v2/ping")).toMatchObject({ status: 200 });
  });
});

describe("Create Audits", () => {
  test("makes audits; an exact duplicate is a 409 that names the first", async () => {
    const { kard, sandbox } = await start();
    const token = await authorized(kard);
    const made = await kard("POST", audits, creation("t1", "t2"), token);
    expect(made).toMatchObject({ status: 201, body: { data: [{ attributes: { transactionId: "t1" } }, {}] } });
    const { id } = made.body.data[0];
    const again = await kard("POST", audits, creation("t1"), token);
    expect(again).toMatchObject({ status: 409, body: { errors: [{ status: "409", id }] } });
    sandbox.configure({ omitConflictId: true });
    expect((await kard("POST", audits, creation("t1"), token)).body.errors[0]).not.toHaveProperty("id");
    expect(sandbox.audits()).toMatchObject([{ id, createCalls: 3 }, { createCalls: 1 }]);
    expect(sandbox.requests()).toEqual({ token: 1, create: 3 });
  });

  test("answers a mixed request with a 207, and refuses on demand", async () => {
    const { kard } = await start();
    const token = await authorized(kard);
    expect(await kard("POST", audits, creation("good", "refuse-400-x"), token)).toMatchObject({
      status: 207,
      body: { data: [{}], errors: [{ status: "400", id: "refuse-400-x" }] },
    });
    expect(await kard("POST", audits, creation("refuse-404"), token)).toMatchObject({ status: 404 });
    const onlyErrors = await kard("POST", audits, creation("refuse-404", "refuse-400"), token);
    expect(onlyErrors.status).toBe(207);
    expect(onlyErrors.body).not.toHaveProperty("data");
  });

  test.each([
    ["not JSON", "{", ""],
    ["no data", {}, "/data"],
    ["empty data", { data: [] }, "/data"],
    ["another type", { data: [{ type: "x", attributes }] }, "/data/0/type"],
    [
      "an unknown code",
      { data: [{ type: "audit", attributes: { ...attributes, auditCode: 1 } }] },
      "/data/0/attributes/auditCode",
    ],
    [
      "a code as text",
      { data: [{ type: "audit", attributes: { ...attributes, auditCode: "8001" } }] },
      "/data/0/attributes/auditCode",
    ],
    [
      "no merchant",
      { data: [{ type: "audit", attributes: { ...attributes, merchantName: undefined } }] },
      "/data/0/attributes/merchantName",
    ],
  ])("refuses %s with a pointer", async (_, body, pointer) => {
    const { kard } = await start();
    const answer = await kard("POST", audits, body, await authorized(kard));
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ source: { pointer } }] } });
  });
});

describe("the legacy calls", () => {
  test("create, conflict, refuse and read in Kard's legacy shapes", async () => {
    const { kard, sandbox } = await start();
    const token = await authorized(kard);
    const made = await kard("POST", "/transactions/audit", legacy, token);
    expect(made).toMatchObject({ status: 201, body: { status: "NEW", preferredContactEmail: "someone@company.com" } });
    const id: string = made.body._id;
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    expect(await kard("POST", "/transactions/audit", legacy, token)).toMatchObject({
      status: 409,
      body: expect.any(String),
    });
    sandbox.configure({ plainTextErrors: true });
    const plain = await kard("GET", "/transactions/audit/nobody", undefined, token);
    expect(plain).toMatchObject({ status: 404, body: "Audit not found" });
    expect(plain.headers.get("content-type")).toContain("text/plain");
    expect(await kard("POST", "/transactions/audit", "{", token)).toMatchObject({
      status: 400,
      body: expect.any(String),
    });
    expect(await kard("POST", "/transactions/audit", {}, token)).toMatchObject({
      status: 400,
      body: { errors: expect.any(Array) },
    });
    expect(await kard("GET", `/transactions/audit/${id}`)).toMatchObject({
      status: 401,
      body: { message: "Unauthorized" },
    });
  });

  test("a status goes NEW, IN_PROGRESS, CLOSED; the resolution is there only once CLOSED", async () => {
    const { kard } = await start();
    const token = await authorized(kard);
    const made = await kard("POST", audits, creation("t"), token);
    const path = `/transactions/audit/${made.body.data[0].id}`;
    const admin = `/admin/audits/${made.body.data[0].id}`;
    expect((await kard("GET", path, undefined, token)).body).toMatchObject({ status: "NEW", transactionId: "t" });
    expect(await kard("POST", `${admin}/start`)).toMatchObject({ status: 200 });
    expect(await kard("POST", `${admin}/start`)).toMatchObject({ status: 409 });
    const started = await kard("GET", path, undefined, token);
    expect(started.body.status).toBe("IN_PROGRESS");
    expect(started.body).not.toHaveProperty("resolutionCode");
    const resolution = { resolutionCode: 9002, resolutionDescription: "it came back" };
    expect(await kard("POST", `${admin}/close`, resolution)).toMatchObject({ body: { closedAt: expect.any(Number) } });
    expect((await kard("GET", path, undefined, token)).body).toMatchObject({ status: "CLOSED", ...resolution });
    expect(await kard("POST", `${admin}/close`)).toMatchObject({ status: 409 });
    expect(await kard("POST", "/admin/audits/nobody/close")).toMatchObject({ status: 404 });
  });
});

describe("notifications", () => {
  async function subscribed(status: () => number) {
    const { kard, sandbox } = await start();
    const token = await authorized(kard);
    const webhook = await startWebhook(status);
    const subscriptions = "/v2/issuers/organization-123/subscriptions";
    const attributes = { eventName: "auditUpdate", webhookUrl: webhook.url, enabled: true };
    const made = await kard("POST", subscriptions, { data: [{ type: "subscription", attributes }] }, token);
    const audit = await kard("POST", audits, creation("t"), token);
    const history = async (query = "") =>
      (await kard("GET", `/v2/issuers/organization-123/notifications${query}`, undefined, token)).body.data;
    return { kard, sandbox, token, webhook, id: audit.body.data[0].id, subscriptions, made, history };
  }

  test("every change of status is pushed, signed over the bytes sent, and recorded", async () => {
    const { webhook, sandbox, id, history } = await subscribed(() => 200);
    sandbox.startAudit(id);
    sandbox.closeAudit(id);
    const delivered = await until(async () => {
      const all = await history("?filter[status]=delivered");
      return all.length === 2 && all;
    });
    expect(delivered[0].attributes).toMatchObject({ eventName: "auditUpdate", attempts: 1, statusCode: 200 });
    for (const { body, signature } of webhook.received) {
      expect(auditUpdate.parse(JSON.parse(body)).data.relationships.audit.data.id).toBe(id);
      expect(signature).toBe(createHmac("sha256", webhookKey).update(body).digest("base64"));
    }
    expect(await history("?page[size]=1")).toHaveLength(1);
    expect(await history("?filter[eventName]=clawback")).toEqual([]);
  });

  test("a push that fails is tried again, given up, and can be replayed", async () => {
    let status = 500;
    const { kard, token, webhook, sandbox, id, history, subscriptions, made } = await subscribed(() => status);
    sandbox.closeAudit(id);
    const [failed] = await until(async () => {
      const all = await history("?filter[status]=delivery_failed");
      return all[0]?.attributes.attempts === 3 && all;
    });
    expect(webhook.received).toHaveLength(3);
    status = 204;
    const replay = `/v2/issuers/organization-123/notifications/${failed.id}/replay`;
    expect(await kard("POST", replay, undefined, token)).toMatchObject({ status: 202 });
    await until(async () => (await history("?filter[status]=delivered")).length === 1);
    const change = { data: { type: "subscription", attributes: { enabled: false } } };
    await kard("PATCH", `${subscriptions}/${made.body.data[0].id}`, change, token);
    expect(await kard("POST", replay, undefined, token)).toMatchObject({ status: 409 });
    expect(await kard("GET", subscriptions, undefined, token)).toMatchObject({
      body: { data: [{ attributes: { enabled: false } }] },
    });
  });
});

describe("the settings", () => {
  test("make calls fail as told, one-shot failures first", async () => {
    const { kard, sandbox } = await start();
    const token = await authorized(kard);
    const create = (id: string) => kard("POST", audits, creation(id), token);
    await kard("PUT", "/admin/settings", {
      retryAfterSeconds: 7,
      failNext: [
        { route: "create", kind: "status429" },
        { route: "create", kind: "status5xx" },
      ],
    });
    const throttled = await create("a");
    expect([throttled.status, throttled.headers.get("retry-after")]).toEqual([429, "7"]);
    expect((await create("a")).status).toBe(500);
    expect((await create("a")).status).toBe(201);
    await kard("PATCH", "/admin/settings", { outage: true });
    expect((await create("b")).status).toBe(503);
    expect((await kard("GET", "/admin/settings")).body).toMatchObject({ outage: true, retryAfterSeconds: 7 });
    await kard("PUT", "/admin/settings", { unauthorized: true });
    expect((await create("b")).status).toBe(401);
    expect(await kard("PUT", "/admin/settings", { nonsense: 1 })).toMatchObject({ status: 400 });
    sandbox.configure({ unauthorized: false, status429: 1 });
    expect((await create("b")).status).toBe(429);
    sandbox.configure({ status429: 0, status5xx: 1 });
    expect((await create("b")).status).toBe(500);
    expect(sandbox.audits()).toHaveLength(1);
  });

  test("a connection may be cut before a create has any effect, or after", async () => {
    const { kard, sandbox } = await start();
    const token = await authorized(kard);
    sandbox.configure({ dropConnection: 1 });
    await expect(kard("POST", audits, creation("a"), token)).rejects.toThrow();
    expect(sandbox.audits()).toEqual([]);
    sandbox.configure({ dropConnection: 0, failNext: [{ route: "create", kind: "dropAfterEffect" }] });
    await expect(kard("POST", audits, creation("a"), token)).rejects.toThrow();
    expect(sandbox.audits()).toMatchObject([{ createCalls: 1 }]);
  });
});

test("the state outlives the process, and audits go on moving by themselves", async () => {
  const directory = await mkdtemp(join(tmpdir(), "kard-sandbox-"));
  cleanups.push(() => rm(directory, { recursive: true }));
  const dataFile = join(directory, "kard.sqlite");
  const first = await start({ dataFile });
  const token = await authorized(first.kard);
  await first.kard("POST", audits, creation("a", "b"), token);

  // A second process on the same file, while the first never got to close it: what a SIGKILL leaves behind.
  const second = await start({ dataFile, settings: { autoProgress: { startAfterMs: 0, closeAfterMs: 0 } } });
  const closed = await until(async () => {
    const all = second.sandbox.audits();
    return all.every(({ status }) => status === "CLOSED") && all;
  });
  expect(closed.map(({ startedAt }) => startedAt)).toEqual([expect.any(Number), expect.any(Number)]);
  expect(new Set(closed.map(({ resolutionCode }) => resolutionCode)).size).toBe(2);
  expect(second.sandbox.requests()).toEqual({ token: 1, create: 1 });
  expect(await second.kard("POST", audits, creation("a"), token)).toMatchObject({ status: 409 });
});

test("unknown paths are a 404, whatever they hold", async () => {
  const { sandbox } = await start();
  for (const path of ["/", "/v2/unknown", "/transactions/audit/%E0%A4%A", "/v2/issuers//users/u/audits"]) {
    expect((await fetch(sandbox.url + path)).status).toBe(404);
  }
});
