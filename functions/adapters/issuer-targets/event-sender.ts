import type { SQSClient } from "@aws-sdk/client-sqs";
import type * as z from "zod";
import type { EventSender, SendOutcome } from "../../core/notifications/ports.ts";
import type { Clock, ReportError } from "../../core/shared/ports.ts";
import {
  type AllowedTargets,
  type AwsTarget,
  noTargets,
  readTarget,
  targetError,
} from "../../core/subscriptions/aws-target.ts";
import type { webhookEnvironment } from "../environment.ts";
import { openWebhooks } from "../webhooks/open-webhooks.ts";
import type { WebhookSender } from "../webhooks/sender.ts";
import { type SendToTarget, sendToQueues } from "./queue-target.ts";

export interface EventSenderParts {
  webhooks: WebhookSender;
  targets: Readonly<Record<AwsTarget["type"], SendToTarget>>;
  allowed: AllowedTargets;
  clock: Clock;
}

/**
 * Sends events to webhooks, queues and event buses. Whether an issuer may use a target is checked before each attempt,
 * because the list of its accounts may have changed.
 */
export function eventSender({ webhooks, targets, allowed, clock }: EventSenderParts): EventSender {
  return {
    async prepare({ webhookUrl }) {
      if (readTarget(webhookUrl) === undefined) await webhooks.prepare();
    },

    async send(subscription, event) {
      const target = readTarget(subscription.webhookUrl);
      if (target === undefined) return webhooks.send(subscription, event);
      if (targetError(subscription.organizationId, target, allowed) !== undefined) return refusedAt(clock());
      return targets[target.type](target, subscription, event);
    },
  };
}

function refusedAt(at: number): SendOutcome {
  return {
    attempt: { at, ms: 0, error: "target-refused" },
    ...{ delivered: false, retryAfterMs: undefined, response: "" },
  };
}

/** Opens the sender with the settings of a function's environment. */
export function openEventSender(
  environment: z.output<typeof webhookEnvironment>,
  queues: SQSClient,
  clock: Clock,
  reportError: ReportError,
): EventSender {
  let buses: Promise<SendToTarget> | undefined;
  return eventSender({
    webhooks: openWebhooks(environment, clock, reportError),
    targets: {
      sqs: sendToQueues(queues, clock),
      // The client of EventBridge is a file of its own, which is read with the first event for a bus.
      async eventbridge(...given) {
        buses ??= import("./bus-target.ts").then(({ openBuses }) => openBuses(clock));
        return (await buses)(...given);
      },
    },
    allowed: environment.ISSUER_TARGETS ?? noTargets,
    clock,
  });
}
