import { expect, test } from "@jest/globals";
import { type WebhookEventType, webhookEventType } from "../../../../functions/core/events/events.ts";
import { exampleEvent } from "../../../../functions/core/events/example-event.ts";
import { webhookEventText } from "../../../../functions/core/events/webhook-event-text.ts";
import { subscriptionRecoveredEventBody } from "../../../../functions/core/events/webhook-events.ts";
import { noon } from "../../../support/fake-clock.ts";

const example = (type: WebhookEventType, organizationId = "bank-a") =>
  exampleEvent(type, { id: "evt_1", organizationId, now: noon });
const textOf = (event: object) => webhookEventText(JSON.stringify(event));

test("a failing endpoint: what it means, and the facts, one a line", () => {
  expect(textOf(example("subscription.failing"))).toEqual({
    subject: "Webhooks are failing: issuer.example (bank-a)",
    text: `Every webhook to this endpoint has failed for hours. Events wait and are sent again. If nothing succeeds, the endpoint is disabled at the time below, and its events are held until you enable it.

Issuer:        bank-a
Endpoint:      https://issuer.example/webhooks
Subscription:  example-evt_1
Failing since: 2026-03-14T00:00:00.000Z
Disabled from: 2026-03-19T00:00:00.000Z
Last attempt:  2026-03-14T12:00:00.000Z, status 503, 220 ms
Waiting:       14 notifications
Event:         subscription.failing evt_1, 2026-03-14T12:00:00.000Z
`,
  });
});

test("a delivery that was given up: what was missed, and how to replay it", () => {
  const { subject, text } = textOf(example("notification.failed"));
  expect(subject).toBe("A webhook was given up: audit.closed (bank-a)");
  expect(text).toContain("replay the notification");
  expect(text).toContain("Notification:  example-evt_1\nAttempts:      10\n");
});

test("a delivery of a newer version's event that was given up", () => {
  const event = JSON.stringify(example("notification.failed")).replace("audit.closed", "audit.reopened");
  expect(webhookEventText(event).subject).toBe("A webhook was given up: audit.reopened (bank-a)");
});

test.each(webhookEventType.options)("the subject of %s is one that SNS accepts, whatever the issuer's id", (type) => {
  const { subject, text } = textOf(example(type, "Müller\n—".repeat(40)));
  expect(subject).toMatch(/^[A-Za-z][ -~]{1,98}$/);
  expect(text).not.toContain("undefined");
});

test.each([
  ["arn:aws:sqs:eu-west-1:111122223333:orders", "orders"],
  ["arn:aws:events:eu-west-1:111122223333:event-bus/ledger", "ledger"],
])("an endpoint that is %s is named", (webhookUrl, name) => {
  const event = subscriptionRecoveredEventBody.parse(example("subscription.recovered"));
  event.data.attributes.webhookUrl = webhookUrl;
  expect(textOf(event).subject).toBe(`Webhooks have recovered: ${name} (bank-a)`);
});

test("an attempt without a response says why", () => {
  const event = subscriptionRecoveredEventBody.parse(example("subscription.recovered"));
  const { lastAttempt } = event.data.attributes;
  lastAttempt.errorMessage = "timeout";
  delete lastAttempt.statusCode;
  expect(textOf(event).text).toContain("Last attempt:  2026-03-14T12:00:00.000Z, timeout, 220 ms\n");
});

test("an encrypted queue whose key denies access: the status, the reason and what to do", () => {
  const event = subscriptionRecoveredEventBody.parse(example("subscription.recovered"));
  Object.assign(event.data.attributes.lastAttempt, { statusCode: 400, errorMessage: "key-access-denied" });
  const { text } = textOf(event);
  expect(text).toContain("Last attempt:  2026-03-14T12:00:00.000Z, status 400, key-access-denied, 220 ms\n");
  expect(text).toMatch(/^What to do: {4}Allow .* kms:GenerateDataKey and kms:Decrypt in the policy .* key\.$/m);
});

test("an event of an audit is none", () => {
  expect(() => textOf(exampleEvent("audit.closed", { id: "evt_1", organizationId: "bank-a", now: noon }))).toThrow();
});
