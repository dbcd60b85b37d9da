import { expect, test } from "@jest/globals";
import { resourcesOf, synthesize } from "../support/synthesize.ts";
import { granted, grantsOf, listOf } from "./granted.ts";

const onTable = (keys: string, ...actions: string[]) => actions.map((action) => `dynamodb:${action} on Table ${keys}`);
const audits = (...actions: string[]) => onTable("AUDIT#*", ...actions);
const kardAuditIds = onTable("KARDAUDIT#*", "GetItem", "UpdateItem");
const adoptions = (...actions: string[]) => onTable("ADOPTION#*", ...actions);
const events = (...actions: string[]) => onTable("EVENTS#*", ...actions);
const subscriptions = (...actions: string[]) => onTable("ISSUER#*", ...actions);
const callers = [...onTable("APIKEYS", "GetItem", "UpdateItem"), ...onTable("REQUESTS#*", "UpdateItem")];
const queryOn = (...indexes: string[]) => indexes.map((index) => `dynamodb:Query on Table/index/${index}`);
const publish = ["sqs:SendMessage on Resolutions", "sqs:SendMessage on Deliveries"];
const readSecret = "secretsmanager:GetSecretValue on KardSecret";

test.each([
  [
    "AuditsApi",
    [
      ...audits("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "BatchWriteItem", "Query"),
      ...events("BatchWriteItem", "Query"),
      ...onTable("STATS#*", "BatchGetItem", "PutItem"),
      ...onTable("ISSUERS", "PutItem"),
      ...kardAuditIds,
      ...onTable("KARDAUDIT#*", "BatchGetItem"),
      ...adoptions("GetItem", "PutItem"),
      ...subscriptions("Query"),
      ...onTable("POLL", "GetItem"),
      ...onTable("KARDRATE#*", "UpdateItem"),
      ...callers,
      ...onTable("ISSUERS", "Query"),
      ...onTable("APIKEYS", "Query"),
      ...queryOn("lanes", "byIssuer", "bySettlement", "byTransaction", "byReference"),
      ...publish,
      readSecret,
    ],
  ],
  [
    "SubscriptionsApi",
    [
      ...audits("GetItem", "BatchGetItem", "PutItem"),
      ...subscriptions("GetItem", "PutItem", "Query"),
      ...callers,
      ...queryOn("lanes", "byIssuer"),
      "sqs:SendMessage on Deliveries",
    ],
  ],
  [
    "KardWebhook",
    [
      ...audits("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "BatchWriteItem", "Query"),
      ...events("BatchWriteItem"),
      ...kardAuditIds,
      ...subscriptions("Query"),
      ...onTable("KARDRATE#*", "UpdateItem"),
      ...onTable("REQUESTS#*", "UpdateItem"),
      ...queryOn("byTransaction"),
      ...publish,
      readSecret,
    ],
  ],
  [
    "PollAudits",
    [
      ...audits("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "BatchWriteItem", "Query"),
      ...events("BatchWriteItem"),
      ...kardAuditIds,
      ...adoptions("GetItem", "UpdateItem", "DeleteItem"),
      ...subscriptions("Query"),
      ...onTable("ISSUERS", "PutItem", "Query"),
      ...onTable("APIKEYS", "Query"),
      ...onTable("POLL", "GetItem", "UpdateItem", "DeleteItem", "Query"),
      ...queryOn("lanes", "byTransaction"),
      ...publish,
      readSecret,
    ],
  ],
  [
    "SweepOutbox",
    [
      ...audits("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
      ...events("BatchWriteItem"),
      ...onTable("ISSUERS", "Query"),
      ...subscriptions("GetItem", "PutItem", "DeleteItem", "Query"),
      ...queryOn("lanes", "outbox"),
      ...publish,
    ],
  ],
  [
    "DeliverWebhooks",
    [
      ...audits("GetItem", "PutItem", "Query", "BatchWriteItem"),
      ...events("BatchWriteItem"),
      ...subscriptions("GetItem", "PutItem", "Query"),
      ...queryOn("byIssuer"),
      ...onTable("ENDPOINTRATE#*", "UpdateItem"),
      ...["Deliveries", "SlowDeliveries"].flatMap((queue) =>
        ["SendMessage", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].map((it) => `sqs:${it} on ${queue}`),
      ),
    ],
  ],
])("%s has exactly these permissions", (name, grants) => {
  expect(grantsOf(name)).toEqual([...grants].sort());
});

test("with audit retention, the sweep may expire the audits' Kard ids", () => {
  const forgetting = synthesize({ auditRetentionDays: 400 });
  const policies = JSON.stringify(
    resourcesOf(forgetting, "AWS::IAM::Policy").filter(([id]) => /^SweepOutbox/.test(id)),
  );
  expect(policies).toContain("KARDAUDIT#*");
});

test("with a bus and a topic, exactly the functions that publish may send to them and use the topic's key", () => {
  const withTargets = synthesize({ eventBus: "new", eventTopic: "new" });
  const roles = resourcesOf(withTargets, "AWS::IAM::Policy").flatMap(([id, { PolicyDocument }]) => {
    const { Statement } = PolicyDocument as { Statement: { Action: string | string[]; Resource: unknown }[] };
    return Statement.filter(({ Action }) => /^(events|sns):/.test([Action].flat().join())).map((statement) => [
      id.replace(/RoleDefaultPolicy.*/, ""),
      statement.Action,
      JSON.stringify(statement.Resource).replace(/.*?(EventBus|EventTopic)[0-9A-F]{8}.*/, "$1"),
    ]);
  });
  expect(roles).toEqual(
    ["AuditsApi", "KardWebhook", "PollAudits", "SweepOutbox", "DeliverWebhooks"].flatMap((name) => [
      [name, "events:PutEvents", "EventBus"],
      [name, "sns:Publish", "EventTopic"],
    ]),
  );
  const policies = JSON.stringify(resourcesOf(withTargets, "AWS::IAM::Policy"));
  expect(policies.match(/"sns\./g)).toHaveLength(5);
});

test("with accounts for targets, exactly the functions that send to issuers may send there, and know the accounts", () => {
  const given = synthesize({ targetAccounts: { "bank-a": ["111122223333"], "bank-b": ["111122223333"] } });
  const foreign = resourcesOf(given, "AWS::IAM::Policy").flatMap(([id, { PolicyDocument }]) => {
    const { Statement } = PolicyDocument as { Statement: { Action: string | string[]; Resource: unknown }[] };
    return Statement.filter(({ Resource }) => JSON.stringify(Resource).includes("111122223333")).map((statement) => [
      id.replace(/RoleDefaultPolicy.*/, ""),
      listOf(statement.Action).join(),
      JSON.stringify(statement.Resource).match(/:111122223333:[^"]+/)?.[0],
      ...("Condition" in statement ? [statement.Condition] : []),
    ]);
  });
  const functions = ["DeliverWebhooks", "SubscriptionsApi"];
  const sqs = { "Fn::Join": ["", ["sqs.", { Ref: "AWS::Region" }, ".", { Ref: "AWS::URLSuffix" }]] };
  const throughSqs = { StringEquals: { "kms:ViaService": [sqs] } };
  expect(foreign.sort()).toEqual(
    functions.flatMap((name) => [
      [name, "events:PutEvents", ":111122223333:event-bus/*"],
      [name, "kms:Decrypt,kms:GenerateDataKey", ":111122223333:key/*", throughSqs],
      [name, "sqs:SendMessage", ":111122223333:*"],
    ]),
  );
  const told = resourcesOf(given, "AWS::Lambda::Function").filter(([, properties]) =>
    JSON.stringify(properties).includes("111122223333"),
  );
  expect(told.map(([id]) => id.slice(0, -8)).sort()).toEqual(functions);
  expect(Object.keys(given.findOutputs("TargetSenderRoleArns"))).toHaveLength(1);
});

test("every grant on items is limited to kinds of items, also for calls without a key", () => {
  const onItems = granted.filter(([, { Action, Resource }]) =>
    listOf(Action).some((action) => action.startsWith("dynamodb:") && !JSON.stringify(Resource).includes("/index/")),
  );
  expect(onItems.length).toBeGreaterThan(10);
  for (const [, { Condition }] of onItems) {
    expect(Condition).toEqual({
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": expect.anything() },
      Null: { "dynamodb:LeadingKeys": "false" },
    });
  }
});

test("only functions that need them can read API keys and Kard's secret", () => {
  const functions = ["AuditsApi", "SubscriptionsApi", "KardWebhook", "PollAudits", "SweepOutbox", "DeliverWebhooks"];
  const having = (grant: RegExp) => functions.filter((name) => grantsOf(name).some((text) => grant.test(text)));
  // The poller adopts audits. For that, it checks that no other issuer has the Kard credential.
  expect(having(/APIKEY/)).toEqual(["AuditsApi", "SubscriptionsApi", "PollAudits"]);
  expect(having(/KardSecret/)).toEqual(["AuditsApi", "KardWebhook", "PollAudits"]);
});
