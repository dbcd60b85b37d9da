import { Webhook } from "standardwebhooks";
import type { WebhookSender } from "../../../functions/adapters/webhooks/sender.ts";
import { signedMessage } from "../../../functions/core/notifications/signed-message.ts";
import type { Subscription } from "../../../functions/core/subscriptions/subscription.ts";
import type { VirtualTime } from "../../support/virtual-time.ts";
import type { FaultKind, Outside, Worker } from "./outside.ts";

interface Received {
  id: string;
  body: string;
  at: number;
  statusCode: number;
}

export interface Endpoint {
  organizationId: string;
  received: Received[];
  /** Its next responses, in order; 204 after the last. */
  responses: number[];
  /** The secrets for verification. */
  secrets: Set<string>;
  /** Its response time, in milliseconds. */
  ms: number;
  payload: Subscription["payload"];
}

const kinds = ["before", "after", "crash-before", "crash-after", "throttle", "outage", "twice"] satisfies FaultKind[];

/** The issuers' endpoints by URL. An endpoint answers 401 if it cannot verify the signature of a webhook. */
export function createEndpoints({ clock, sleep }: VirtualTime) {
  const endpoints = new Map<string, Endpoint>();
  return {
    all: endpoints,
    open(url: string, { organizationId, payload }: Subscription, secret: string): Endpoint {
      const endpoint = { organizationId, payload, received: [], responses: [], secrets: new Set([secret]), ms: 0 };
      endpoints.set(url, endpoint);
      return endpoint;
    },
    /** The webhook sender of one worker. */
    reachedBy(outside: Outside, worker: Worker): WebhookSender {
      return {
        prepare: async () => undefined,
        send(subscription, event) {
          const { webhookUrl } = subscription;
          const { id } = event;
          const at = clock();
          const { body, headers } = signedMessage(subscription, event, at);
          const isSignedBy = (secret: string) =>
            headers["webhook-signature"]?.split(" ").includes(new Webhook(secret).sign(id, new Date(at), body));
          const endpoint = endpoints.get(webhookUrl);
          const failed = (error: string) => ({
            attempt: { at, ms: clock() - at, error },
            ...{ delivered: false, retryAfterMs: undefined, response: "" },
          });
          const answered = (statusCode: number, retryAfterMs?: number) => ({
            attempt: { at, ms: clock() - at, statusCode },
            ...{ delivered: statusCode < 300, retryAfterMs, response: "" },
          });
          return outside.pass(
            worker,
            {
              ...{ service: "endpoints", name: "webhook", about: webhookUrl },
              kinds: outside.mayPoison ? [...kinds, "poison"] : kinds,
            },
            {
              async effect() {
                if (endpoint === undefined) return failed("host-not-found");
                if (endpoint.ms > 0) await sleep(endpoint.ms);
                const isVerified = [...endpoint.secrets].some(isSignedBy);
                const statusCode = isVerified ? (endpoint.responses.shift() ?? 204) : 401;
                endpoint.received.push({ id, body, at: clock(), statusCode });
                return answered(statusCode);
              },
              broken: (why) => failed(why === "after" ? "timeout" : "connection-refused"),
              throttled: () => answered(429, 60_000),
            },
          );
        },
      };
    },
  };
}
