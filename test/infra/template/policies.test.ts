import { describe, expect, test } from "@jest/globals";
import { granted, listOf, nameOf, type Statement, statementsOf, template } from "../functions/granted.ts";
import { resourcesOf } from "../support/synthesize.ts";

describe("grants are narrow", () => {
  test("role statements allow explicit actions on the stack's own resources", () => {
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

  test("no role has managed or other inline policies", () => {
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

  test("only the key's policy has `kms:*`, for the account's own policies", () => {
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

test("outside the stack, only the configured consumers can receive and decrypt resolutions", () => {
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
