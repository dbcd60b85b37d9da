import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { signedMessage } from "../../core/notifications/signed-message.ts";
import type { Clock } from "../../core/shared/ports.ts";
import { awsHttp } from "../aws/http-handler.ts";
import { putEvent } from "../eventbridge/put-event.ts";
import { awsAttempt } from "./aws-attempt.ts";
import type { SendToTarget } from "./queue-target.ts";

/** Opens the sender of events to event buses with a client of its own. */
export function openBuses(clock: Clock): SendToTarget {
  return sendToBuses(new EventBridgeClient({ cacheMiddleware: true, requestHandler: awsHttp() }), clock);
}

/**
 * Sends events to event buses. The event is the `detail`, with the bytes of a webhook, and its name the `detail-type`.
 * A signature has no place there: EventBridge sets the `account` of the sender.
 *
 * An entry may have 256 KB at least; an event has about 70 KB at most.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
 */
export function sendToBuses(client: Pick<EventBridgeClient, "send">, clock: Clock): SendToTarget {
  return (target, subscription, event) => {
    const at = clock();
    const { body } = signedMessage(subscription, event, at);
    return awsAttempt(clock, at, async (options) => {
      const { refused } = await putEvent(client, target.arn, { ...event, body }, options);
      return { statusCode: 200, refused };
    });
  };
}
