import { describe, expect, test } from "@jest/globals";
import { resourcesOf, synthesize } from "./synthesize.ts";

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Principal?: unknown;
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

/** What a function may do, as `action on resource`, leaving out its log. */
function grantsOf(name: string): string[] {
  return granted
    .filter(([id]) => id.startsWith(`${name}RoleDefaultPolicy`))
    .flatMap(([, { Action, Resource }]) =>
      listOf(Resource).flatMap((resource) => listOf(Action).map((action) => `${action} on ${nameOf(resource)}`)),
    )
    .filter((grant) => !/^(logs|kms):/.test(grant))
    .sort();
}

function nameOf(resource: unknown): string {
  const [, id = ""] = JSON.stringify(resource).match(/"(?:Ref|Fn::GetAtt)":\[?"(\w+?)[0-9A-F]{8}"/) ?? [];
  const [, index = ""] = JSON.stringify(resource).match(/(\/index\/\w+)/) ?? [];
  return `${id}${index}`;
}

const onTable = (...actions: string[]) => actions.map((action) => `dynamodb:${action} on Table`);
const queryOn = (...indexes: string[]) => indexes.map((index) => `dynamodb:Query on Table/index/${index}`);
const publish = ["sqs:SendMessage on Resolutions", "sqs:SendMessage on Deliveries"];
const readSecret = "secretsmanager:GetSecretValue on KardSecret";

test.each([
  [
    "AuditsApi",
    [
      ...onTable("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
      ...queryOn("byIssuer", "byTransaction"),
      ...publish,
      readSecret,
    ],
  ],
  [
    "SubscriptionsApi",
    [
      ...onTable("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"),
      ...queryOn("lanes", "byIssuer"),
      "sqs:SendMessage on Deliveries",
    ],
  ],
  [
    "KardWebhook",
    [
      ...onTable("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
      ...queryOn("byTransaction"),
      ...publish,
      readSecret,
    ],
  ],
  [
    "PollAudits",
    [
      ...onTable("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
      ...queryOn("lanes", "byTransaction"),
      ...publish,
      readSecret,
    ],
  ],
  ["SweepOutbox", [...onTable("GetItem", "PutItem", "UpdateItem", "Query"), ...queryOn("lanes", "outbox"), ...publish]],
  [
    "DeliverWebhooks",
    [
      ...onTable("GetItem", "PutItem", "UpdateItem", "BatchWriteItem", "Query"),
      ...["SendMessage", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].map(
        (it) => `sqs:${it} on Deliveries`,
      ),
    ],
  ],
])("%s may do just this", (name, grants) => {
  expect(grantsOf(name)).toEqual([...grants].sort());
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
