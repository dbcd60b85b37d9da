import { expect, test } from "@jest/globals";
import { resourcesOf, synthesize } from "../support/synthesize.ts";
import { listOf } from "./granted.ts";

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
