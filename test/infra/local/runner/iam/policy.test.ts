import { describe, expect, test } from "@jest/globals";
import { decide, parsePolicy } from "../../../../../infra/local/runner/iam/policy.ts";

const table = "arn:aws:dynamodb:us-east-1:000000000000:table/T";

function decision(statements: object[], action: string, resource: string, context = {}) {
  return decide(parsePolicy({ Version: "2012-10-17", Statement: statements }, "test"), { action, resource, context });
}
const allow = (Action: unknown, Resource: unknown, more = {}) => ({ Effect: "Allow", Action, Resource, ...more });

describe("decide", () => {
  test.each([
    ["an exact match", [allow("dynamodb:GetItem", table)], "dynamodb:GetItem", table, "allow"],
    ["another action", [allow("dynamodb:GetItem", table)], "dynamodb:PutItem", table, "no allow"],
    ["another resource", [allow("dynamodb:GetItem", table)], "dynamodb:GetItem", `${table}2`, "no allow"],
    [
      "the index of an allowed table",
      [allow("dynamodb:Query", table)],
      "dynamodb:Query",
      `${table}/index/i`,
      "no allow",
    ],
    [
      "an index by wildcard",
      [allow("dynamodb:Query", `${table}/index/*`)],
      "dynamodb:Query",
      `${table}/index/i`,
      "allow",
    ],
    ["an action by wildcard", [allow("dynamodb:*Item", table)], "dynamodb:DeleteItem", table, "allow"],
    ["one character by a question mark", [allow("sqs:Send?essage", "*")], "sqs:SendMessage", "q", "allow"],
    ["actions in any case", [allow("DynamoDB:getitem", table)], "dynamodb:GetItem", table, "allow"],
    ["resources case-sensitively", [allow("a:B", "arn:X")], "a:B", "arn:x", "no allow"],
    ["lists", [allow(["a:B", "a:C"], ["x", "y"])], "a:C", "y", "allow"],
    ["a dot that is not a wildcard", [allow("a:B", "a.c")], "a:B", "abc", "no allow"],
    ["no statement", [], "a:B", "x", "no allow"],
    [
      "a deny and an allow",
      [allow("a:*", "*"), { Effect: "Deny", Action: "a:B", Resource: "x" }],
      "a:B",
      "x",
      "explicit deny",
    ],
  ])("evaluates %s", (_, statements, action, resource, expected) => {
    expect(decision(statements, action, resource)).toBe(expected);
  });

  test("evaluates conditions on known keys", () => {
    const secure = [
      { Effect: "Deny", Action: "*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ];
    expect(decision([allow("*", "*"), ...secure], "a:B", "x", { "aws:SecureTransport": "true" })).toBe("allow");
    expect(decision([allow("*", "*"), ...secure], "a:B", "x", { "aws:SecureTransport": "false" })).toBe(
      "explicit deny",
    );
    const via = [allow("kms:Decrypt", "*", { Condition: { StringEquals: { "kms:ViaService": ["sqs.x", "sns.x"] } } })];
    expect(decision(via, "kms:Decrypt", "k", { "kms:ViaService": "sns.x" })).toBe("allow");
    expect(decision(via, "kms:Decrypt", "k")).toBe("no allow");
  });
});

describe("leading keys", () => {
  const onAudits = [
    allow("dynamodb:*", table, {
      Condition: {
        "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["AUDIT#*", "POLL"] },
        Null: { "dynamodb:LeadingKeys": "false" },
      },
    }),
  ];
  test.each([
    [["AUDIT#org#1"], "allow"],
    [["AUDIT#org#1", "POLL"], "allow"],
    [["AUDIT#org#1", "APIKEY#1"], "no allow"],
    [["APIKEY#AUDIT#"], "no allow"],
    [undefined, "no allow"],
  ])("of %j are evaluated: %s", (keys, expected) => {
    const context = keys === undefined ? {} : { "dynamodb:LeadingKeys": keys };
    expect(decision(onAudits, "dynamodb:GetItem", table, context)).toBe(expected);
  });
});

test.each([
  ["NotAction", { Effect: "Allow", NotAction: "a:B", Resource: "*" }],
  ["NotResource", { Effect: "Allow", Action: "a:B", NotResource: "x" }],
  ["NotPrincipal", { Effect: "Deny", NotPrincipal: "*", Action: "a:B", Resource: "x" }],
  ["an unknown condition key", allow("a:B", "*", { Condition: { StringEquals: { "aws:username": "x" } } })],
  ["an unknown operator", allow("a:B", "*", { Condition: { IpAddress: { "aws:SourceArn": "x" } } })],
  ["a policy variable", allow("a:B", `arn:\${aws:username}`)],
])("refuses a policy with %s", (_, statement) => {
  expect(() => parsePolicy({ Statement: [statement] }, "MyPolicy")).toThrow(/^MyPolicy: /);
});
