import { describe, expect, test } from "@jest/globals";
import { resourcesOf, synthesize } from "./synthesize.ts";

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Principal?: unknown;
  Condition?: { "ForAllValues:StringLike"?: { "dynamodb:LeadingKeys": string | string[] }; Null?: unknown };
}

const consumers = ["111122223333", "arn:aws:iam::444455556666:role/ledger"];
const template = synthesize({ resolutionsConsumers: consumers });
const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

const statementsOf = (type: string, document: string): [id: string, Statement][] =>
  resourcesOf(template, type).flatMap(([id, properties]) =>
    (properties[document] as { Statement: Statement[] }).Statement.map((statement): [string, Statement] => [
      id,
      statement,
    ]),
  );

const granted = statementsOf("AWS::IAM::Policy", "PolicyDocument");

/** What a function may do, as `action on resource` and on which kinds of items, leaving out its log. */
function grantsOf(name: string): string[] {
  return granted
    .filter(([id]) => id.startsWith(`${name}RoleDefaultPolicy`))
    .flatMap(([, { Action, Resource, Condition }]) =>
      listOf(Resource).flatMap((resource) =>
        listOf(Action).flatMap((action) =>
          listOf(Condition?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"] ?? "").map((keys) =>
            `${action} on ${nameOf(resource)} ${keys}`.trim(),
          ),
        ),
      ),
    )
    .filter((grant) => !/^(logs|kms):/.test(grant))
    .sort();
}

function nameOf(resource: unknown): string {
  const [, id = ""] = JSON.stringify(resource).match(/"(?:Ref|Fn::GetAtt)":\[?"(\w+?)[0-9A-F]{8}"/) ?? [];
  const [, index = ""] = JSON.stringify(resource).match(/(\/index\/\w+)/) ?? [];
  return `${id}${index}`;
}

const onTable = (keys: string, ...actions: string[]) => actions.map((action) => `dynamodb:${action} on Table ${keys}`);
const audits = (...actions: string[]) => onTable("AUDIT#*", ...actions);
const kardAuditIds = onTable("KARDAUDIT#*", "GetItem", "PutItem");
const adoptions = (...actions: string[]) => onTable("ADOPTION#*", ...actions);
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
      ...onTable("ISSUERS", "PutItem"),
      ...kardAuditIds,
      ...adoptions("GetItem", "PutItem"),
      ...subscriptions("Query"),
      ...onTable("KARDRATE#*", "UpdateItem"),
      ...callers,
      ...onTable("ISSUERS", "Query"),
      ...onTable("APIKEYS", "Query"),
      ...queryOn("byIssuer", "byTransaction"),
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
      ...onTable("ISSUERS", "Query"),
      ...subscriptions("GetItem", "PutItem", "DeleteItem", "Query"),
      ...queryOn("lanes", "outbox"),
      ...publish,
    ],
  ],
  [
    "DeliverWebhooks",
    [
      ...audits("GetItem", "PutItem", "BatchWriteItem"),
      ...subscriptions("GetItem", "PutItem", "Query"),
      ...["Deliveries", "SlowDeliveries"].flatMap((queue) =>
        ["SendMessage", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].map((it) => `sqs:${it} on ${queue}`),
      ),
    ],
  ],
])("%s may do just this", (name, grants) => {
  expect(grantsOf(name)).toEqual([...grants].sort());
});

test("where audits are forgotten, the sweep may have their Kard ids forgotten, too", () => {
  const forgetting = synthesize({ auditRetentionDays: 400 });
  const policies = JSON.stringify(
    resourcesOf(forgetting, "AWS::IAM::Policy").filter(([id]) => /^SweepOutbox/.test(id)),
  );
  expect(policies).toContain("KARDAUDIT#*");
});

test("every grant on items is for named kinds of them, also where a call names no key", () => {
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

test("only those who need it may read API keys and Kard's secret", () => {
  const functions = ["AuditsApi", "SubscriptionsApi", "KardWebhook", "PollAudits", "SweepOutbox", "DeliverWebhooks"];
  const having = (grant: RegExp) => functions.filter((name) => grantsOf(name).some((text) => grant.test(text)));
  // Callers reach the APIs. The poller adopts audits, which takes proof that no other issuer has the Kard credential.
  expect(having(/APIKEY/)).toEqual(["AuditsApi", "SubscriptionsApi", "PollAudits"]);
  expect(having(/KardSecret/)).toEqual(["AuditsApi", "KardWebhook", "PollAudits"]);
});

describe("no grant is wider than it says", () => {
  test("every statement of a role allows spelled-out actions on the stack's own resources", () => {
    expect(granted.length).toBeGreaterThan(20);
    for (const [, { Effect, Action, Resource }] of granted) {
      expect(Effect).toBe("Allow");
      for (const action of listOf(Action)) expect(action).not.toContain("*");
      for (const resource of listOf(Resource)) {
        expect(JSON.stringify(resource)).not.toContain("*");
        expect(nameOf(resource)).not.toBe("");
      }
    }
  });

  test("no role has a managed policy or one beside these", () => {
    for (const [, role] of resourcesOf(template, "AWS::IAM::Role")) {
      expect(Object.keys(role)).toEqual(["AssumeRolePolicyDocument"]);
    }
  });

  test("schedules may invoke their own function and nothing else", () => {
    const invokers = granted.filter(([id]) => id.includes("Invoker"));
    expect(invokers.map(([, { Action, Resource }]) => `${Action} on ${nameOf(Resource)}`)).toEqual([
      "lambda:InvokeFunction on PollAudits",
      "lambda:InvokeFunction on SweepOutbox",
    ]);
  });

  test("of the policies of resources, only the key's own says `*`: it leaves the key to the account's policies", () => {
    const wide = [
      ...statementsOf("AWS::SQS::QueuePolicy", "PolicyDocument"),
      ...statementsOf("AWS::SNS::TopicPolicy", "PolicyDocument"),
      ...statementsOf("AWS::KMS::Key", "KeyPolicy"),
    ].filter(([, { Effect, Action }]) => Effect === "Allow" && listOf(Action).some((action) => action === "kms:*"));
    expect(wide).toHaveLength(1);
    // https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    expect(JSON.stringify(wide)).toMatch(/"kms:\*".*:root/);
  });

  test("no resource is open to everyone", () => {
    const open = [
      ...statementsOf("AWS::SQS::QueuePolicy", "PolicyDocument"),
      ...statementsOf("AWS::KMS::Key", "KeyPolicy"),
    ].filter(([, { Effect, Principal }]) => Effect === "Allow" && JSON.stringify(Principal).includes('"*"'));
    expect(open).toEqual([]);
  });
});

test("the named consumers, and nobody else outside, may consume resolutions and decrypt them", () => {
  const outsiders = (statements: [string, Statement][], action: string) =>
    statements
      .filter(([, { Effect, Action }]) => Effect === "Allow" && listOf(Action).includes(action))
      .flatMap(([id, { Principal }]) =>
        (JSON.stringify(Principal).match(/\d{12}/g) ?? []).map((account) => `${id.slice(0, -8)} to ${account}`),
      )
      .sort();
  expect(outsiders(statementsOf("AWS::SQS::QueuePolicy", "PolicyDocument"), "sqs:ReceiveMessage")).toEqual([
    "ResolutionsPolicy to 111122223333",
    "ResolutionsPolicy to 444455556666",
  ]);
  expect(outsiders(statementsOf("AWS::KMS::Key", "KeyPolicy"), "kms:Decrypt")).toEqual([
    "DataKey to 111122223333",
    "DataKey to 444455556666",
  ]);
});
