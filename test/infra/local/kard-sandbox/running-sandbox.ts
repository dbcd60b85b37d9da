import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach } from "@jest/globals";
import {
  type KardSandbox,
  type KardSandboxOptions,
  startKardSandbox,
} from "../../../../infra/local/kard-sandbox/kard-sandbox.ts";
import { checkKardResponse } from "../../../support/kard/kard-contract.ts";

export const clientId = "client";
export const clientSecret = "a secret: with a colon";
export const webhookKey = "webhook key";
export const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Starts a sandbox that is stopped after the test. */
export async function start(options: Partial<KardSandboxOptions> = {}) {
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

/** Calls the sandbox and validates every response against Kard's reference. */
export function caller({ url }: KardSandbox) {
  return async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, {
      method,
      headers,
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const content = await response.text();
    const contentType = response.headers.get("content-type") ?? "";
    const [plainPath = ""] = path.split("?");
    if (!path.startsWith("/admin")) checkKardResponse(method, plainPath, response.status, contentType, content);
    const parsed = contentType.startsWith("application/json") ? JSON.parse(content) : content;
    return { status: response.status, body: parsed, headers: response.headers };
  };
}

export const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
export const form = { "content-type": "application/x-www-form-urlencoded" };
export const grant = "grant_type=client_credentials";

/** Requests a token and returns the headers for it. */
export async function authorized(kard: ReturnType<typeof caller>, more: Record<string, string> = {}) {
  const headers = { authorization: basic(clientId, clientSecret), ...form, ...more };
  const { body } = await kard("POST", "/v2/auth/token", grant, headers);
  return { authorization: `Bearer ${body.access_token}` };
}

export const audits = "/v2/issuers/organization-123/users/user-123/audits";
export const attributes = {
  auditCode: 8001,
  merchantName: "Caribbean Goodness",
  auditDescription: "duplicate transaction",
  transactionId: "issuerTransaction123",
};
export const legacy = { ...attributes, preferredContactEmail: "someone@company.com", issuer: "An Issuer" };
export const creation = (...transactionIds: string[]) => ({
  data: transactionIds.map((transactionId) => ({ type: "audit", attributes: { ...attributes, transactionId } })),
});

/** Polls until the probe gives a value. */
export async function until<Value>(probe: () => Promise<Value | undefined | false>): Promise<Value> {
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Starts a receiver of pushes that answers with the current status. */
export async function startWebhook(status: () => number) {
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
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return { url: `http://127.0.0.1:${address.port}/hook`, received };
}
