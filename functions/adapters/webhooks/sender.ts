import type { OutgoingEvent, SendOutcome } from "../../core/notifications/ports.ts";
import { signedMessage } from "../../core/notifications/signed-message.ts";
import type { Clock } from "../../core/shared/ports.ts";
import type { Attempt } from "../../core/subscriptions/attempt.ts";
import type { Subscription } from "../../core/subscriptions/subscription.ts";
import { type WebhookTargets, webhookUrlError } from "../../core/subscriptions/webhook-url.ts";
import { exchange, type HttpResponse, ResponseBrokeOff } from "../http/exchange.ts";
import { readRetryAfter } from "../http/retry-after.ts";
import { attemptErrorOf } from "./attempt-error.ts";
import { webhookConnections } from "./connections.ts";
import { type HostResolver, hostResolver } from "./host-resolver.ts";
import type { WebhookTls } from "./tls.ts";

const deadlineOfAllMs = 15_000;
const shownResponseBytes = 4 * 1024;
const maxRetryAfterMs = 24 * 60 * 60_000;

export interface WebhookSenderOptions {
  deadlineMs?: number;
  resolve?: HostResolver;
  /** Reads the client certificate and additional authorities. The default is only the public authorities. */
  tls?: () => Promise<WebhookTls>;
}

/** The part of the port for webhooks. They need only the id and the bytes of an event. */
export interface WebhookSender {
  prepare(): Promise<void>;
  send(subscription: Subscription, event: Pick<OutgoingEvent, "id" | "body">): Promise<SendOutcome>;
}

const isSuccess = (statusCode: number) => statusCode >= 200 && statusCode < 300;

/**
 * Sends webhooks (Standard Webhooks 1.0.0, or Kard's format). A delivery succeeds with a 2xx status line, regardless
 * of the body. Redirects are not followed, and the whole exchange takes 15 seconds at most. Responses of private
 * receivers are hidden, because every issuer with `notifications:write` can send them webhooks.
 */
export function webhookSender(
  targets: WebhookTargets,
  clock: Clock,
  {
    deadlineMs = deadlineOfAllMs,
    resolve = hostResolver(clock, { servers: targets.dnsServers }),
    tls,
  }: WebhookSenderOptions = {},
): WebhookSender {
  const connections = webhookConnections(targets, resolve, tls);

  const known = new WeakMap<Subscription, Target | undefined>();
  const targetOf = (subscription: Subscription) => {
    if (!known.has(subscription)) known.set(subscription, readTarget(subscription.webhookUrl, targets));
    return known.get(subscription);
  };

  return {
    async prepare() {
      await connections.current();
    },
    async send(subscription, event) {
      const agent = await connections.current();
      const at = clock();
      const target = targetOf(subscription);
      if (target === undefined) return failure({ at, ms: 0, error: "url-refused" });
      const { body, headers } = signedMessage(subscription, event, at);
      const { origin, path, hostname } = target;
      const request = {
        ...{ origin, path },
        method: "POST",
        headers: {
          ...subscription.headers,
          "content-type": "application/json",
          "user-agent": "kard-audit-tracker",
          ...headers,
        },
        body,
      } as const;
      const retryAfterOf = ({ headers }: HttpResponse) =>
        readRetryAfter(headers["retry-after"], clock(), maxRetryAfterMs);
      try {
        const answered = await exchange(agent, request, deadlineMs, { isBodyOptional: isSuccess });
        const { statusCode, body } = answered;
        return {
          attempt: { at, ms: clock() - at, statusCode },
          delivered: isSuccess(statusCode),
          retryAfterMs: retryAfterOf(answered),
          response: connections.isPrivate(hostname) ? "" : shownResponse(subscription, body),
        };
      } catch (error) {
        const ms = clock() - at;
        if (!(error instanceof ResponseBrokeOff)) return failure({ at, ms, error: attemptErrorOf(error) });
        // Status and headers count even if the body broke off.
        const { response, cause } = error;
        const attempt = { at, ms, statusCode: response.statusCode, error: attemptErrorOf(cause) };
        return { ...failure(attempt), retryAfterMs: retryAfterOf(response) };
      }
    },
  };
}

type Target = { origin: string; path: string; hostname: string };

/** Checks a stored URL again: it may predate the current rules, and `connect.lookup` is not called for IP addresses. */
function readTarget(webhookUrl: string, targets: WebhookTargets): Target | undefined {
  if (webhookUrlError(webhookUrl, targets) !== undefined) return undefined;
  const { origin, pathname, search, hostname } = new URL(webhookUrl);
  return { origin, path: pathname + search, hostname };
}

/**
 * The start of the response. It is hidden if the subscription has headers: they may be credentials, and an endpoint may
 * echo them in any form.
 */
function shownResponse({ headers = {} }: Subscription, body: Buffer): string {
  if (Object.keys(headers).length > 0) return "";
  // In stream mode, so that a truncated last character is left out.
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(body.subarray(0, shownResponseBytes), { stream: true });
}

function failure(attempt: Attempt & { error: string }) {
  return { attempt, delivered: false, retryAfterMs: undefined, response: "" };
}
