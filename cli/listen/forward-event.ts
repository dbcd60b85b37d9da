import { signedMessage } from "../../functions/core/notifications/signed-message.ts";
import type { Subscription } from "../../functions/core/subscriptions/subscription.ts";
import { reasonOf } from "../api/api.ts";
import { secretVariable } from "./session-secret.ts";

/** A receiver of webhooks on this machine, or wherever the developer sends them. */
export interface Receiver {
  url: string;
  /** A `whsec_` secret, or Kard's webhook key. */
  secret: string;
  /** `kard`: Kard's own payload and signature. */
  format: Subscription["format"];
}

export interface Forwarded {
  /** Whether the receiver answered with a 2xx status. */
  delivered: boolean;
  statusCode?: number | undefined;
  /** Why there was no response. */
  errorMessage?: string | undefined;
  milliseconds: number;
}

/** As for a deployed tracker. */
const timeoutMs = 15_000;

/**
 * Sends an event to a receiver as the tracker does: the same body, headers and time-out, once.
 *
 * @param event its id, and its body as in the feed
 */
export async function forwardEvent(
  { url, secret, format }: Receiver,
  event: { id: string; body: string },
): Promise<Forwarded> {
  const at = Date.now();
  const { body, headers } = signedMessage({ format, secrets: [{ secret }] }, event, at);
  const sent = { "content-type": "application/json", "user-agent": "kard-audit-tracker", ...headers };
  try {
    const response = await fetch(url, {
      ...{ method: "POST", headers: sent, body },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    return { delivered: response.ok, statusCode: response.status, milliseconds: Date.now() - at };
  } catch (error) {
    return { delivered: false, errorMessage: reasonOf(error), milliseconds: Date.now() - at };
  }
}

/** What to check if a receiver refuses the signature. `undefined` for all other responses. */
export function signatureAdvice({ statusCode }: Forwarded): string | undefined {
  if (statusCode !== 401) return undefined;
  return `status 401: the receiver must verify with the secret above. To sign with another secret, set ${secretVariable}.`;
}

/** The response of a receiver in one line. */
export function outcomeText({ statusCode, errorMessage, milliseconds }: Forwarded): string {
  return `${statusCode ?? errorMessage} (${milliseconds} ms)`;
}
