import { createHmac } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { SandboxAudit } from "./state/audits.ts";
import type { Attempt, SandboxNotifications } from "./state/notifications.ts";
import type { SandboxSubscriptions } from "./state/subscriptions.ts";

const attemptTimeoutMs = 5_000;

export type Pushes = ReturnType<typeof createPushes>;

/**
 * Kard's pushes: a signed POST to every enabled `auditUpdate` subscription, retried after each of `retryDelaysMs`.
 * `closing` aborts attempts in progress; pending pushes continue at the next start.
 */
export function createPushes(options: {
  notifications: SandboxNotifications;
  subscriptions: SandboxSubscriptions;
  webhookKey: string;
  retryDelaysMs: readonly number[];
  closing: AbortSignal;
}) {
  const { notifications, subscriptions, webhookKey, retryDelaysMs, closing } = options;

  async function attempt(id: string): Promise<Attempt["status"] | undefined> {
    const notification = notifications.find(id);
    if (notification === undefined) return undefined;
    const { organizationId, subscriptionId, body } = notification;
    const target = subscriptions.list(organizationId).find((subscription) => subscription.id === subscriptionId);
    const tried = await post(target?.webhookUrl ?? "", body);
    if (closing.aborted) return undefined;
    notifications.recordAttempt(id, tried);
    return tried.status;
  }

  async function post(url: string, body: string): Promise<Attempt> {
    try {
      const response = await fetch(url, {
        method: "POST",
        // "Verifying the signature" in Kard's notification guide.
        headers: {
          "content-type": "application/json",
          "notify-signature": createHmac("sha256", webhookKey).update(body).digest("base64"),
        },
        body,
        redirect: "manual",
        signal: AbortSignal.any([closing, AbortSignal.timeout(attemptTimeoutMs)]),
      });
      await response.body?.cancel();
      const errorMessage = response.ok ? null : `the webhook answered ${response.status}`;
      return { status: response.ok ? "delivered" : "delivery_failed", statusCode: response.status, errorMessage };
    } catch (error) {
      return { status: "delivery_failed", statusCode: null, errorMessage: String(error) };
    }
  }

  async function deliver(id: string): Promise<void> {
    for (const delayMs of [0, ...retryDelaysMs]) {
      await delay(delayMs, undefined, { signal: closing, ref: false });
      if ((await attempt(id)) !== "delivery_failed") return;
    }
  }

  function deliverInBackground(id: string) {
    deliver(id).catch((error: unknown) => {
      if (!closing.aborted) throw error;
    });
  }

  return {
    dispatch(audit: SandboxAudit) {
      for (const subscription of subscriptions.enabledFor(audit.organizationId, "auditUpdate")) {
        deliverInBackground(notifications.add(subscription.id, audit));
      }
    },
    replay(id: string, subscriptionId: string) {
      notifications.sendAgain(id, subscriptionId);
      deliverInBackground(id);
    },
    resume() {
      for (const id of notifications.pendingIds()) deliverInBackground(id);
    },
  };
}
