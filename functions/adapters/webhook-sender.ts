import { type LookupAddress, type LookupAllOptions, lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { z } from "zod";
import { hideHeaderValues } from "../core/hidden-headers.ts";
import type { Attempt } from "../core/notification.ts";
import type { Clock, WebhookSender } from "../core/ports.ts";
import { isLoopbackAddress, isPublicAddress } from "../core/public-address.ts";
import type { Subscription } from "../core/subscription.ts";
import { signatureHeaders } from "../core/webhook-signature.ts";
import { refusalOfWebhookUrl, type WebhookTargets } from "../core/webhook-url.ts";
import { AnswerBrokeOff, DeadlinePassed, exchange, type HttpAnswer, openConnections } from "./http-exchange.ts";
import { readRetryAfter } from "./retry-after.ts";

const deadlineOfAllMs = 15_000;
const mostAnswerBytes = 64 * 1024;
const shownAnswerBytes = 4 * 1024;
const longestRetryAfterMs = 24 * 60 * 60_000;

class AddressRefused extends Error {}

/** Finds all addresses of a host, as `lookup` of node:dns does. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Sends webhooks by Standard Webhooks 1.0.0: a signed POST whose only success is 2xx, redirects not followed, 15 seconds
 * for all of it. A host is resolved once for each connection and refused if any of its addresses is not public.
 */
export function webhookSender(
  targets: WebhookTargets,
  clock: Clock,
  { deadlineMs = deadlineOfAllMs, resolve = lookup }: { deadlineMs?: number; resolve?: Resolve } = {},
): WebhookSender {
  const allowed = (address: string) =>
    isPublicAddress(address) || (targets.reach === "public-and-loopback" && isLoopbackAddress(address));

  const lookupAllowed: LookupFunction = (hostname, _options, callback) => {
    resolve(hostname, { all: true }, (error, addresses) => {
      const areAllowed = addresses.length > 0 && addresses.every(({ address }) => allowed(address));
      const refused = error ?? (areAllowed ? null : new AddressRefused());
      // Only the vetted addresses are handed on, so that the connection cannot resolve the name anew.
      callback(refused, refused === null ? addresses : []);
    });
  };

  const connections = openConnections({
    maxResponseSize: mostAnswerBytes,
    connect: { lookup: lookupAllowed, timeout: 5_000 },
    connections: 10,
  });

  const known = new WeakMap<Subscription, Target | undefined>();
  const targetOf = (subscription: Subscription) => {
    if (!known.has(subscription)) known.set(subscription, readTarget(subscription.webhookUrl, targets));
    return known.get(subscription);
  };

  return {
    async post(subscription, message) {
      const at = clock();
      const target = targetOf(subscription);
      if (target === undefined) return failure({ at, ms: 0, error: "url-refused" });
      const request = {
        ...target,
        method: "POST",
        headers: {
          ...subscription.headers,
          "content-type": "application/json",
          "user-agent": "kard-audit-tracker",
          ...signatureHeaders(secretsInForce(subscription, at), message, at),
        },
        body: message.body,
      } as const;
      const retryAfterOf = ({ headers }: HttpAnswer) =>
        readRetryAfter(headers["retry-after"], clock(), longestRetryAfterMs);
      try {
        const answered = await exchange(connections, request, deadlineMs);
        const { statusCode, body } = answered;
        // Hidden first and cut then: a cut through a value would leave its beginning.
        const answer = hideHeaderValues(body.toString("utf8"), subscription.headers);
        return {
          attempt: { at, ms: clock() - at, statusCode },
          delivered: statusCode >= 200 && statusCode < 300,
          retryAfterMs: retryAfterOf(answered),
          // As for a stream that goes on: without a last character that is cut in two.
          answer: new TextDecoder("utf-8", { ignoreBOM: true }).decode(
            Buffer.from(answer).subarray(0, shownAnswerBytes),
            { stream: true },
          ),
        };
      } catch (error) {
        const ms = clock() - at;
        if (!(error instanceof AnswerBrokeOff)) return failure({ at, ms, error: failureName(error) });
        // What a receiver says of itself it says before the body; the body may end within a value to be hidden.
        const { answer, cause } = error;
        const attempt = { at, ms, statusCode: answer.statusCode, error: failureName(cause) };
        return { ...failure(attempt), retryAfterMs: retryAfterOf(answer) };
      }
    },
  };
}

type Target = { origin: string; path: string };

/** Judges a stored URL: it may be from under another rule, and `connect.lookup` is never called for an address in it. */
function readTarget(webhookUrl: string, targets: WebhookTargets): Target | undefined {
  if (refusalOfWebhookUrl(webhookUrl, targets) !== undefined) return undefined;
  const { origin, pathname, search } = new URL(webhookUrl);
  return { origin, path: pathname + search };
}

function failure(attempt: Attempt & { error: string }) {
  return { attempt, delivered: false, retryAfterMs: undefined, answer: "" };
}

function secretsInForce({ secrets }: Subscription, now: number): string[] {
  return secrets.filter(({ signsUntil = now }) => signsUntil >= now).map(({ secret }) => secret);
}

const failureShape = z.object({ code: z.string().optional().catch(undefined) }).catch({});

/** What the subscription's owner is told: the kind of failure, nothing about our network. */
function failureName(error: unknown): string {
  if (error instanceof AddressRefused) return "address-refused";
  if (error instanceof DeadlinePassed) return "timeout";
  const { code } = failureShape.parse(error);
  if (code?.endsWith("_TIMEOUT")) return "timeout";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "host-not-found";
  if (code === "ECONNREFUSED") return "connection-refused";
  if (code?.startsWith("ERR_TLS") || code?.includes("CERT")) return "tls-failed";
  return code === "UND_ERR_RES_EXCEEDED_MAX_SIZE" ? "answer-too-large" : "connection-failed";
}
