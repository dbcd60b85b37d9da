import {
  type HealthEventBody,
  healthEventBody,
  type NotificationFailedEventBody,
  notificationFailedEventBody,
} from "./webhook-events.ts";

/** An event for people: the subject and the text of an e-mail. */
export interface EventText {
  /** ASCII without control characters, shorter than 100 characters: SNS accepts no others. */
  subject: string;
  text: string;
}

type Line = [label: string, value: string | number | undefined];

/**
 * Says in plain English what an event about an issuer's webhooks means, and what to do.
 *
 * @param body the event's JSON
 * @throws ZodError if it is another event
 */
export function webhookEventText(body: string): EventText {
  const event: unknown = JSON.parse(body);
  const failed = notificationFailedEventBody.safeParse(event);
  return failed.success ? textOfFailed(failed.data) : textOfHealth(healthEventBody.parse(event));
}

function textOfHealth({ type, id, timestamp, data }: HealthEventBody): EventText {
  const { attributes } = data;
  const { organizationId, webhookUrl, description, owedNotifications, lastAttempt } = attributes;
  const { heading, meaning, lines } = healthTexts[type](attributes as never);
  return textOf(`${heading}: ${nameOf(webhookUrl)} (${organizationId})`, meaning, [
    ["Issuer", organizationId],
    ["Endpoint", webhookUrl],
    ["Description", description],
    ["Subscription", data.id],
    ...lines,
    ["Last attempt", lastAttempt && attemptText(lastAttempt)],
    ["What to do", lastAttempt && targetAdvice[lastAttempt.errorMessage ?? ""]],
    ["Waiting", owedNotifications === undefined ? undefined : `${owedNotifications} notifications`],
    ["Event", `${type} ${id}, ${timestamp}`],
  ]);
}

/** The host of a URL, or the name of the queue or bus of an ARN. */
function nameOf(webhookUrl: string): string {
  const host = URL.canParse(webhookUrl) ? new URL(webhookUrl).host : "";
  return host === "" ? (webhookUrl.split(/[:/]/).at(-1) ?? "") : host;
}

type Attributes<Type extends HealthEventBody["type"]> = Extract<HealthEventBody, { type: Type }>["data"]["attributes"];
type HealthText = { heading: string; meaning: string; lines: Line[] };

const healthTexts: { [Type in HealthEventBody["type"]]: (attributes: Attributes<Type>) => HealthText } = {
  "subscription.failing": ({ failingSince, disabledFrom }) => ({
    heading: "Webhooks are failing",
    meaning:
      "Every webhook to this endpoint has failed for hours. Events wait and are sent again. If nothing succeeds, the " +
      "endpoint is disabled at the time below, and its events are held until you enable it.",
    lines: [
      ["Failing since", failingSince],
      ["Disabled from", disabledFrom],
    ],
  }),
  "subscription.recovered": ({ failingSince }) => ({
    heading: "Webhooks have recovered",
    meaning: "This endpoint has accepted a webhook again. Events that wait are sent now. You need not do anything.",
    lines: [["Failing since", failingSince]],
  }),
  "subscription.disabled": ({ disabledAt, disabledReason }) => ({
    heading: "Webhooks are disabled",
    meaning:
      "This endpoint gets no more webhooks. Its events are held. Repair the endpoint, then enable the subscription: " +
      "the held events are sent.",
    lines: [
      ["Disabled at", disabledAt],
      ["Reason", disabledReason === "gone" ? "the endpoint answered 410" : "all attempts failed for five days"],
    ],
  }),
};

function textOfFailed({ type, id, timestamp, data }: NotificationFailedEventBody): EventText {
  const { organizationId, eventName, eventId, attempts, lastAttempt, errorMessage } = data.attributes;
  const meaning =
    "A webhook was given up after its last attempt, so the endpoint has missed the event below. Repair the endpoint, " +
    "then replay the notification. There is one message an hour for each endpoint: the list of notifications shows " +
    "whether there are more with the status delivery_failed.";
  return textOf(`A webhook was given up: ${eventName} (${organizationId})`, meaning, [
    ["Issuer", organizationId],
    ["Subscription", data.relationships.subscription.data.id],
    ["Missed event", `${eventName} ${eventId}`],
    ["Audit", data.relationships.audit.data.id],
    ["Notification", data.id],
    ["Attempts", attempts],
    ["Last attempt", lastAttempt && attemptText(lastAttempt)],
    ["Reason", errorMessage],
    ["What to do", lastAttempt && targetAdvice[lastAttempt.errorMessage ?? ""]],
    ["Event", `${type} ${id}, ${timestamp}`],
  ]);
}

type Attempt = NonNullable<NotificationFailedEventBody["data"]["attributes"]["lastAttempt"]>;

function attemptText({ timestamp, milliseconds, statusCode, errorMessage }: Attempt): string {
  const results = [statusCode === undefined ? undefined : `status ${statusCode}`, errorMessage].filter(Boolean);
  return `${timestamp}, ${results.join(", ") || "no response"}, ${milliseconds} ms`;
}

/** How to repair a queue or event bus, by the error of its last attempt. */
const targetAdvice: Readonly<Record<string, string | undefined>> = {
  "access-denied": "Allow the tracker's two roles to send in the policy of the queue or bus.",
  "key-access-denied":
    "Allow the tracker's two roles kms:GenerateDataKey and kms:Decrypt in the policy of the queue's KMS key.",
  "key-refused": "Enable the queue's KMS key, or cancel its deletion, or set another key.",
  "target-not-found": "Create the queue again, or change the subscription's target.",
};

const labelWidth = 15;

function textOf(subject: string, meaning: string, lines: readonly Line[]): EventText {
  const shown = lines.filter(([, value]) => value !== undefined);
  const facts = shown.map(([label, value]) => `${`${label}:`.padEnd(labelWidth)}${value}`);
  return { subject: subjectOf(subject), text: `${meaning}\n\n${facts.join("\n")}\n` };
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_RequestParameters */
const maxSubjectLength = 99;

function subjectOf(text: string): string {
  const ascii = text.replace(/[^ -~]/g, "?");
  return ascii.length <= maxSubjectLength ? ascii : `${ascii.slice(0, maxSubjectLength - 3)}...`;
}
