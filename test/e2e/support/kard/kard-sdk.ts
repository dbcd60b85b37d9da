import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import * as z from "zod";

/** Where a program reaches Kard, or whatever stands in for it, and as whom. */
export interface KardHost {
  url: string;
  clientId: string;
  clientSecret: string;
}

export interface SdkResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  json: unknown;
  /** How many requests it took. */
  attempts: number;
}

export interface SdkOptions {
  /** How many responses the client never sees: a gateway in between answers 503 in their place. */
  lostResponses?: number;
  headers?: Record<string, string>;
}

const maxRetries = 2;
const isRetried = (status: number) => status === 408 || status === 429 || status >= 500;
const token = z.object({ access_token: z.string(), expires_in: z.number(), token_type: z.string() });

/** The headers that Kard's SDKs send with each request, in their casing. */
const sdkHeaders = {
  "X-Fern-Language": "JavaScript",
  "X-Fern-SDK-Name": "@kard-financial/sdk",
  "X-Fern-SDK-Version": "31.0.0",
  "User-Agent": "@kard-financial/sdk/31.0.0",
  "X-Fern-Runtime": "node",
};

/**
 * A client as Kard's SDKs are: it gets a token with a JSON body, and repeats each request on 408, 429 and 5xx, twice,
 * also a POST and without an idempotency key. It honours `Retry-After` and `X-RateLimit-Reset`.
 */
export function kardSdk({ url, clientId, clientSecret }: KardHost) {
  let held: string | undefined;

  const send = async (method: string, path: string, body: unknown, options: SdkOptions): Promise<SdkResponse> => {
    for (let attempts = 1; ; attempts++) {
      const response = await request(url + path, {
        method: method as "GET",
        headers: {
          ...sdkHeaders,
          ...(held === undefined ? {} : { Authorization: `Bearer ${held}` }),
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...options.headers,
        },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await response.body.text();
      const headers = Object.fromEntries(
        Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
      );
      const status = attempts <= (options.lostResponses ?? 0) ? 503 : response.statusCode;
      if (!isRetried(status) || attempts > maxRetries)
        return { status, headers, json: text === "" ? undefined : JSON.parse(text), attempts };
      await sleep(waitMs(headers));
    }
  };

  return {
    async call(method: string, path: string, body?: unknown, options: SdkOptions = {}): Promise<SdkResponse> {
      if (held === undefined) {
        const credentials = { client_id: clientId, client_secret: clientSecret };
        const granted = await send("POST", "/v2/auth/token", credentials, {});
        if (granted.status !== 200) return granted;
        held = token.parse(granted.json).access_token;
      }
      return send(method, path, body, options);
    },
  };
}

function waitMs(headers: Readonly<Record<string, string>>): number {
  const seconds = Number(headers["retry-after"]);
  if (seconds > 0) return Math.min(seconds, 60) * 1_000;
  const reset = Number(headers["x-ratelimit-reset"]) * 1_000 - Date.now();
  return reset > 0 ? Math.min(reset, 60_000) : 10;
}
