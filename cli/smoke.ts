import { health } from "../functions/audits-api/audit-shapes.ts";
import type { Api } from "./api/api.ts";
import { isSettled, listAudits, watchAudits } from "./api/audits.ts";
import { callOf } from "./api/routes.ts";
import { createSubscription, deleteSubscription, listSubscriptions } from "./api/subscriptions.ts";
import { Failure } from "./failure.ts";
import { receiveResolution } from "./receive-resolution.ts";
import { close, fileOne, isDelivered, kardIdOf } from "./smoke-calls.ts";
import { type Look, until } from "./until.ts";
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
  /** If aborted, the test ends with its running request, and fails. */
  stop?: AbortSignal;
  onStep(step: SmokeStep): void;
}

/** How long each step of the tracker may take. */
const stepTimeoutMs = 120_000;

/**
 * Tests a tracker from outside: submits an audit, and waits until Kard has accepted and closed it, and until the queue
 * and the webhook have the event. It stops at the first failed step. Its subscription is deleted, also then; the audit
 * stays, with a user and a transaction named smoke-….
 */
export async function smoke(api: Api, options: SmokeOptions): Promise<void> {
  const { filesAudit, waitMs, queue, sandboxUrl, webhook, stop = new AbortController().signal } = options;
  const step = async <Result>(name: string, act: () => Promise<Result>): Promise<Result> => {
    const begun = performance.now();
    const done = (failure?: string) => options.onStep(stepOf(name, begun, failure));
    try {
      stop.throwIfAborted();
      const result = await act();
      done();
      return result;
    } catch (error) {
      done(stop.aborted ? "interrupted" : messageOf(error));
      throw error;
    }
  };

  const waitUntil = <Found>(look: Look<Found>) => until(stepTimeoutMs, look, stop);

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
    const kardAuditId = await step("submits it to Kard", () => waitUntil(async () => kardIdOf(api, id)));
    if (sandboxUrl !== undefined) await step("is closed by the sandbox", () => close(sandboxUrl, kardAuditId));
    else if (waitMs === 0) return;
    await step("sees it closed", async () => {
      const forMs = sandboxUrl === undefined ? waitMs : stepTimeoutMs;
      const everyMs = sandboxUrl ? 200 : 10_000;
      const onFailure = (_: string, failure: Failure) => {
        throw failure;
      };
      const [audit] = await watchAudits(api, [id], { everyMs, forMs, stop, onChange: () => {}, onFailure });
      if (audit === undefined || !isSettled(audit)) throw new Failure("unsettled", "Kard did not close it in time");
    });
    if (queue !== undefined)
      await step("sends it to the queue", () => receiveResolution(queue, id, stepTimeoutMs, stop));
    if (receiver !== undefined) await step("sends a signed webhook", () => waitUntil(() => receiver.hasReceived(id)));
    const subscriptionWithDelivery = subscriptionId;
    if (subscriptionWithDelivery !== undefined) {
      await step("records the delivery", () => waitUntil(() => isDelivered(api, subscriptionWithDelivery, id)));
    }
  } finally {
    receiver?.stop();
    // A failure to delete it must not replace that of the test.
    if (subscriptionId !== undefined) {
      const begun = performance.now();
      await deleteSubscription(api, subscriptionId).catch((error: unknown) =>
        options.onStep(stepOf(`deletes webhook ${subscriptionId}`, begun, messageOf(error))),
      );
    }
  }
}

function stepOf(step: string, begun: number, failure?: string): SmokeStep {
  const milliseconds = Math.round(performance.now() - begun);
  return { step, milliseconds, ...(failure === undefined ? {} : { failure }) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
