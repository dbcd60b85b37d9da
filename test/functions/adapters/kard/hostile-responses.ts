import type { RequestListener } from "node:http";
import { startHostileKard } from "../../../support/kard/hostile-kard.ts";
import { kardClientOf, kardRequest } from "../../../support/kard/kard-client.ts";

export const cleanups: (() => Promise<unknown>)[] = [];

export async function withHostile(listener: RequestListener, requestTimeoutMs?: number) {
  const hostile = await startHostileKard(listener);
  cleanups.push(hostile.stop);
  return kardClientOf(hostile.url, requestTimeoutMs === undefined ? {} : { requestTimeoutMs });
}
export const malformed = { outcome: "not-understood", reason: "malformed-response" };
export const deep = "[".repeat(100_000) + "]".repeat(100_000);

export const { transactionId } = kardRequest;
export const created = (transactionId: string, id: unknown = "k1") => ({
  data: [{ type: "audit", id, attributes: { transactionId } }],
});
export const unanswered = (reason: string) => ({ outcome: "unanswered", reason });

export function cutOff(...[request, response]: Parameters<RequestListener>) {
  cutOffAfter(200)(request, response);
}

export function cutOffAfter(status: number): RequestListener {
  return (_, response) => {
    response.writeHead(status, { "content-length": "100" });
    response.write("{", () => response.destroy());
  };
}
