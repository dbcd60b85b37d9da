import { expect, test } from "@jest/globals";
import { Topic } from "aws-cdk-lib/aws-sns";
import { embedded } from "../support/embedded-tracker.ts";
import { resourcesOf, synthesize } from "../support/synthesize.ts";

const topicArn = "arn:aws:sns:eu-west-1:111122223333:bank-b";
const topicKey = "arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef";
const contacts = {
  "bank-a": { emails: ["ops@bank-a.example", "cto@bank-a.example"] },
  "bank-b": { topicArn, topicKey, events: ["subscription.disabled"] },
};
const template = synthesize({ contacts: JSON.stringify(contacts) });

test("a contact by e-mail gets a topic of its own, encrypted and over TLS only", () => {
  const [[id, properties] = ["", {}], ...others] = resourcesOf(template, "AWS::SNS::Topic").filter(([name]) =>
    name.startsWith("Contacts"),
  );
  expect(others).toEqual([]);
  expect(properties).toMatchObject({ DisplayName: "Webhooks of bank-a", KmsMasterKeyId: expect.anything() });
  const subscriptions = resourcesOf(template, "AWS::SNS::Subscription").map(([, subscription]) => subscription);
  expect(subscriptions).toMatchObject([
    { Protocol: "email", Endpoint: "ops@bank-a.example", TopicArn: { Ref: id } },
    { Protocol: "email", Endpoint: "cto@bank-a.example", TopicArn: { Ref: id } },
  ]);
  const policies = resourcesOf(template, "AWS::SNS::TopicPolicy").map(([, policy]) => JSON.stringify(policy));
  expect(policies.filter((policy) => policy.includes(id) && policy.includes("aws:SecureTransport"))).toHaveLength(1);
});

test("exactly the functions that announce may publish to the topics and use their keys", () => {
  const allowed = resourcesOf(template, "AWS::IAM::Policy").filter(([, policy]) =>
    JSON.stringify(policy).includes(topicArn),
  );
  expect(allowed.map(([id]) => id.replace(/RoleDefaultPolicy.*/, "")).sort()).toEqual([
    "DeliverWebhooks",
    "SweepOutbox",
  ]);
  for (const [, policy] of allowed) {
    const text = JSON.stringify(policy);
    expect(text.match(/"sns:Publish"/g)).toHaveLength(1);
    expect(text).toContain(topicKey);
    expect(text.match(/"sns\./g)).toHaveLength(1);
  }
});

test("exactly these functions know the contacts", () => {
  const known = resourcesOf(template, "AWS::Lambda::Function").filter(([, fn]) =>
    JSON.stringify(fn).includes("CONTACTS"),
  );
  expect(known.map(([id]) => id.replace(/[0-9A-F]{8}$/, "")).sort()).toEqual(["DeliverWebhooks", "SweepOutbox"]);
  expect(JSON.stringify(known)).toContain('\\"events\\":[\\"subscription.disabled\\"]');
});

test("without contacts nothing is there", () => {
  const without = JSON.stringify(synthesize().toJSON());
  expect(without).not.toContain("CONTACTS");
  expect(without).not.toContain("ContactTopicArns");
});

test("the construct takes a topic, and gives those of all contacts", () => {
  const { tracker, stack } = embedded((scope) => ({
    contacts: { "bank-a": {}, "bank/b": { emails: [] }, "bank-c": { topic: Topic.fromTopicArn(scope, "T", topicArn) } },
  }));
  expect(Object.keys(tracker.contactTopics)).toEqual(["bank-a", "bank/b", "bank-c"]);
  expect(stack.resolve(tracker.contactTopics["bank-c"]?.topicArn)).toBe(topicArn);
});
