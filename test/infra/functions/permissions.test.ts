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
      ...onTable("STATS#*", "GetItem", "BatchGetItem", "PutItem"),
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
      ...onTable("ENDPOINTRATE#*", "UpdateItem"),
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
      ...onTable("STATS#*", "GetItem", "PutItem"),
      ...onTable("POLL", "GetItem"),
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
