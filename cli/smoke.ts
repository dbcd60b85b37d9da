import { randomUUID } from "node:crypto";
import type * as z from "zod";
import type { createAuditsBody } from "../functions/audits-api/audit-input.ts";
import { createdAudits, health } from "../functions/audits-api/audit-shapes.ts";
import type { Api } from "./api/api.ts";
import { isSettled, listAudits, showAudit, watchAudits } from "./api/audits.ts";
import { listNotifications } from "./api/notifications.ts";
import { wholeList } from "./api/pages.ts";
import { callOf } from "./api/routes.ts";
import { createSubscription, deleteSubscription, listSubscriptions } from "./api/subscriptions.ts";
import { Failure } from "./failure.ts";
import { receiveResolution } from "./receive-resolution.ts";
import { until } from "./until.ts";
import { receiveWebhooks } from "./webhook-receiver.ts";

/** A completed step of the test. */
export interface SmokeStep {
  step: string;
  milliseconds: number;
  /** Why it failed; absent if it succeeded. */
  failure?: string;
}

export interface SmokeOptions {
  /** The resolutions queue, if it may be read, and its endpoint if it is not AWS's. */
  queue: { url: string; endpoint: string | undefined } | undefined;
  /** The sandbox that closes the audit at once. Without one, the test waits for Kard. */
  sandboxUrl: string | undefined;
  /** The webhook URL; `own` is a receiver on this machine, which the tracker must reach. */
  webhook: string | "own" | undefined;
  /** Whether to submit an audit. Otherwise the test ends after the reads. */
  filesAudit: boolean;
  /** How long Kard may take to close it; with 0 the test ends once Kard has accepted it. */
  waitMs: number;
  onStep(step: SmokeStep): void;
}

/** How long each step of the tracker may take. */
const stepTimeoutMs = 120_000;

/**
 * Tests a tracker from outside: submits an audit, and waits until Kard has accepted and closed it, and until the queue
 * and the webhook have the event. It stops at the first failed step. Its subscription is deleted; the audit stays, with
 * a user and a transaction named smoke-….
 */
export async function smoke(api: Api, options: SmokeOptions): Promise<void> {
  const { filesAudit, waitMs, queue, sandboxUrl, webhook } = options;
  const step = async <Result>(name: string, act: () => Promise<Result>): Promise<Result> => {
    const begun = performance.now();
    const done = (failure?: string) =>
      options.onStep({
        step: name,
        milliseconds: Math.round(performance.now() - begun),
        ...(failure === undefined ? {} : { failure }),
      });
    try {
      const result = await act();
      done();
      return result;
    } catch (error) {
      done(error instanceof Error ? error.message : String(error));
      throw error;
    }
  };

  const receiver = webhook === "own" && filesAudit ? await receiveWebhooks() : undefined;
  const webhookUrl = receiver?.url ?? webhook;
  let subscriptionId: string | undefined;
  try {
    await step("answers", () => api.ask(health, callOf(api, "GET /health", {})));
    if (!filesAudit) {
      await step("lists audits", () => listAudits(api, {}, 1));
      await step("lists webhooks", () => listSubscriptions(api));
      return;
    }
    if (webhookUrl !== undefined) {
      const created = await step("subscribes a webhook", () => createSubscription(api, { webhookUrl }));
      subscriptionId = created.id;
      receiver?.verifyWith(created.attributes.secret ?? "");
    }
    const id = await step("accepts an audit", () => fileOne(api));
    const kardAuditId = await step("submits it to Kard", () => until(stepTimeoutMs, async () => kardIdOf(api, id)));
    if (sandboxUrl !== undefined) await step("is closed by the sandbox", () => close(sandboxUrl, kardAuditId));
    else if (waitMs === 0) return;
    await step("sees it closed", async () => {
      const forMs = sandboxUrl === undefined ? waitMs : stepTimeoutMs;
      const [audit] = await watchAudits(api, [id], { everyMs: sandboxUrl ? 200 : 10_000, forMs, onChange: () => {} });
      if (audit === undefined || !isSettled(audit)) throw new Failure("unsettled", "Kard did not close it in time");
    });
    if (queue !== undefined) await step("sends it to the queue", () => receiveResolution(queue, id, stepTimeoutMs));
    if (receiver !== undefined)
      await step("sends a signed webhook", () => until(stepTimeoutMs, () => receiver.hasReceived(id)));
    const subscriptionWithDelivery = subscriptionId;
    if (subscriptionWithDelivery !== undefined) {
      await step("records the delivery", () =>
        until(stepTimeoutMs, () => isDelivered(api, subscriptionWithDelivery, id)),
      );
    }
  } finally {
    if (subscriptionId !== undefined) await deleteSubscription(api, subscriptionId);
    receiver?.stop();
  }
}

async function fileOne(api: Api): Promise<string> {
  const transactionId = `smoke-${randomUUID()}`;
  const attributes = {
    transactionId,
    auditCode: 8001,
    merchantName: "Smoke test",
    auditDescription: "This is a test of the way to Kard and back.",
  };
  const call = callOf(api, "POST /v2/issuers/{organizationId}/users/{userId}/audits", { userId: "smoke-test" });
  const body: z.input<typeof createAuditsBody> = { data: [{ type: "audit", attributes }] };
  const response = await api.ask(createdAudits, { ...call, body, idempotencyKey: transactionId });
  return response.data[0]?.id ?? "";
}

async function kardIdOf(api: Api, id: string): Promise<string | undefined> {
  const { status, kardAuditId, refusal = [] } = (await showAudit(api, id)).attributes;
  if (status === "REJECTED")
    throw new Failure("refused", `Kard refused it: ${refusal.map((e) => e.detail).join("; ")}`);
  return kardAuditId;
}

async function close(sandboxUrl: string, kardAuditId: string): Promise<void> {
  const { ok, status } = await fetch(`${sandboxUrl}/admin/audits/${encodeURIComponent(kardAuditId)}/close`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"resolutionCode":5004}',
  });
  if (!ok) throw new Failure("refused", `the sandbox answered ${status}`);
}

async function isDelivered(api: Api, subscription: string, id: string): Promise<true | undefined> {
  const delivered = wholeList(await listNotifications(api, { subscription, status: "delivered" }, 50));
  return delivered.some(({ relationships }) => relationships.audit?.data.id === id) || undefined;
}
