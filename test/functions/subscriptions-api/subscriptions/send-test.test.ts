import { expect, test } from "@jest/globals";
import { sendTest } from "../../../../functions/subscriptions-api/subscriptions/send-test.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aSubscription } from "../../../support/sample-audits.ts";

const subscription = aSubscription({ enabled: false });

test("a test event is sent like any webhook, and its result is returned", async () => {
  const posted: unknown[] = [];
  const send = sendTest({
    sender: {
      async send(...given) {
        posted.push(given);
        return {
          attempt: { at: noon, ms: 12, statusCode: 418 },
          ...{ delivered: false, retryAfterMs: undefined, response: "a teapot" },
        };
      },
    },
    clock: () => noon,
    randomUuid: () => "0b0e7a52-0000-4000-8000-000000000001",
  });
  const id = "evt_0b0e7a52000040008000000000000001";
  expect(await send(subscription, undefined)).toEqual({
    outcome: "sent",
    test: {
      type: "test",
      id,
      attributes: {
        ...{ delivered: false, timestamp: new Date(noon).toISOString(), milliseconds: 12 },
        ...{ statusCode: 418, body: "a teapot" },
      },
    },
  });
  const event = { id, type: "subscription.test", subjectId: subscription.subscriptionId, at: noon };
  expect(posted).toEqual([[subscription, { ...event, body: expect.stringContaining(`"id":"${id}"`) }]]);
});
