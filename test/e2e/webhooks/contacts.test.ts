import { expect, test } from "@jest/globals";
import { queueOfTopic } from "../../../infra/local/event-queues.ts";
import { synthesize } from "../../../infra/local/synthesize.ts";
import { fileClosedAudit } from "../support/closed-audit.ts";
import type { Issuer } from "../support/issuer.ts";
import { startProduct } from "../support/product.ts";
import { consumeQueue } from "../support/resolutions.ts";
import { storedRows } from "../support/stored-rows.ts";
import { until } from "../support/until.ts";
import { subscribe } from "../support/webhooks/webhooks.ts";

const issuers = ["bank-a", "bank-b"] as const;
const product = await startProduct({
  push: false,
  synthesize,
  context: {
    contacts: JSON.stringify({ "bank-a": {}, "bank-b": { emails: ["webhooks@bank-b.example"] } }),
    resolutionsEvents: JSON.stringify(["audit.closed", "subscription.disabled"]),
  },
});
const { newIssuer, newWebhookReceiver, faults, resolutions, outputs, stack } = product;
const { SqsEndpoint: endpoint, EventTopicArn } = outputs;
const arns: Readonly<Record<string, string>> = JSON.parse(stack.outputs.ContactTopicArns ?? "{}");
const rows = storedRows(outputs);

async function consume(topicArn: string | undefined, name: string) {
  if (topicArn === undefined) throw new Error(`the template has no topic for ${name}`);
  return consumeQueue(endpoint, (await queueOfTopic(endpoint, topicArn, name)).queueUrl);
}
const contacts = {
  "bank-a": await consume(arns["bank-a"], "contact-a"),
  "bank-b": await consume(arns["bank-b"], "contact-b"),
};
const topic = await consume(EventTopicArn, "topic");

/** Gives an issuer an endpoint that answers 410 to its first webhook. Returns the subscription's id. */
async function disabledEndpoint(issuer: Issuer): Promise<string> {
  const receiver = await newWebhookReceiver();
  receiver.respondWith(410);
  const { id } = await subscribe(issuer, receiver.url);
  await fileClosedAudit(product, issuer);
  return id;
}

const about = (id: string, { received }: typeof topic) => received.filter(({ body }) => body.includes(id));

test.each(issuers)("the contact of %s hears that an endpoint is disabled, and no other contact does", async (name) => {
  const issuer = await newIssuer({ organizations: [name] });
  const id = await disabledEndpoint(issuer);
  const [heard] = await until(
    "the contact hears",
    () => about(id, contacts[name]).length > 0 && about(id, contacts[name]),
  );
  expect(JSON.parse(heard?.body ?? "")).toMatchObject({
    type: "subscription.disabled",
    data: { id, attributes: { organizationId: name, disabledReason: "gone" } },
  });
  expect(heard?.attributes).toEqual({ type: "subscription.disabled", organizationId: name });

  // The owner's topic and, because it was chosen, the queue get the same bytes.
  await until("the topic has it", () => about(id, topic).some(({ body }) => body === heard?.body));
  await until("the queue has it", () => about(id, resolutions).some(({ body }) => body === heard?.body));
  const other = issuers.find((one) => one !== name) ?? name;
  expect(about(id, contacts[other])).toEqual([]);
});

test.each(issuers)("if the topic of %s cannot be reached, the sweep tells the contact", async (name) => {
  const issuer = await newIssuer({ organizations: [name] });
  const isContacts = ({ TopicArn }: Readonly<Record<string, unknown>>) => TopicArn === arns[name];
  const stop = faults.add({ kind: "before", service: "sns", action: "Publish", matches: isContacts, times: 2 });
  const id = await disabledEndpoint(issuer);
  const row = { pk: `ISSUER#${name}`, sk: `SUBSCRIPTION#${id}` };
  const waiting = async () => (await rows.get(row)).events as { announcedTo: string[] }[] | undefined;
  const [left] = await until("it waits for the contact", async () => {
    const events = await waiting();
    return events?.[0]?.announcedTo !== undefined && events;
  });
  expect(left?.announcedTo.toSorted()).toEqual(["bus", "endpoints", "feed", "queue", "topic"]);
  expect(stop()).toBe(2);
  await rows.set(row, [[["outboxAt"], Date.now()]]);
  await until("the contact hears", () => about(id, contacts[name]).length > 0);
  await until("nothing waits", async () => (await waiting()) === undefined);
  expect(about(id, topic).filter(({ attributes }) => attributes.type === "subscription.disabled")).toHaveLength(1);
});

test("no contact has heard of another issuer", async () => {
  for (const name of issuers) {
    const organizations = new Set(contacts[name].received.map(({ attributes }) => attributes.organizationId));
    expect(organizations).toEqual(new Set([name]));
  }
  await Promise.all([...Object.values(contacts), topic].map((consumer) => consumer.stop()));
});
