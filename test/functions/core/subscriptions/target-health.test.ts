import { expect, test } from "@jest/globals";
import { afterFailure } from "../../../../functions/core/subscriptions/endpoint-health.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aSubscription } from "../../../support/sample-audits.ts";

const arn = "arn:aws:sqs:eu-west-1:111122223333:audits";
const hour = 60 * 60_000;

test("an event about a failing queue has its ARN as webhookUrl, for receivers of today, and its target", () => {
  const failing = aSubscription({ webhookUrl: arn, failingSince: noon - 13 * hour });
  const attempt = { at: noon, ms: 5, statusCode: 403, error: "access-denied" };
  const [event] = afterFailure(failing, { attempt, isReplay: false })?.events ?? [];
  expect(JSON.parse(event?.body ?? "{}")).toMatchObject({
    type: "subscription.failing",
    data: {
      attributes: { webhookUrl: arn, target: { type: "sqs", arn }, lastAttempt: { errorMessage: "access-denied" } },
    },
  });
});

test("an event about a failing webhook has no target", () => {
  const failing = aSubscription({ failingSince: noon - 13 * hour });
  const [event] =
    afterFailure(failing, { attempt: { at: noon, ms: 5, statusCode: 500 }, isReplay: false })?.events ?? [];
  expect(JSON.parse(event?.body ?? "{}").data.attributes).not.toHaveProperty("target");
});
