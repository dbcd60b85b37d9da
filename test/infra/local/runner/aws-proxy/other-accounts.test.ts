import { CreateQueueCommand, ReceiveMessageCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "@jest/globals";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { CfnOutput } from "aws-cdk-lib/core";
import { credentialsOf } from "../../../../../infra/local/runner/operator-credentials.ts";
import { lambda, synthesize } from "../support/assembly.ts";
import { call, callerSource } from "../support/aws-caller.ts";
import { putKeyPolicy } from "../support/key-policy.ts";
import { run } from "../support/running-stack.ts";

const account = "111122223333";
const arn = `arn:aws:sqs:us-east-1:${account}:events`;
const QueueUrl = `https://sqs.us-east-1.amazonaws.com/${account}/events`;
const keyArn = `arn:aws:kms:us-east-1:${account}:key/1234`;
const bus = `arn:aws:events:us-east-1:${account}:event-bus/events`;

const assemblyDir = synthesize((stack) => {
  const sender = lambda(stack, "Sender", callerSource);
  sender.addToRolePolicy(new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [arn] }));
  sender.addToRolePolicy(new PolicyStatement({ actions: ["events:PutEvents"], resources: [bus] }));
  const actions = ["kms:Decrypt", "kms:GenerateDataKey"];
  const throughSqs = { StringEquals: { "kms:ViaService": "sqs.us-east-1.amazonaws.com" } };
  sender.addToRolePolicy(new PolicyStatement({ actions, resources: [keyArn], conditions: throughSqs }));
  lambda(stack, "Stranger", callerSource);
  new CfnOutput(stack, "RoleArn", { value: sender.role?.roleArn ?? "" });
});

const policyOf = (roleArn: string | undefined) => ({
  Policy: JSON.stringify({
    Statement: { Effect: "Allow", Principal: { AWS: roleArn }, Action: "sqs:SendMessage", Resource: arn },
  }),
});
const message = ["AmazonSQS.SendMessage", { QueueUrl, MessageBody: "x" }] as const;

test("a queue of another account accepts messages only if both policies allow it", async () => {
  const stack = await run(assemblyDir);
  const send = async (name: string) => (await call(stack, name, [[...message]]))[0]?.error;
  const config = { ...credentialsOf(account), endpoint: stack.awsEndpoint };
  const theirs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  expect(await theirs.send(new CreateQueueCommand({ QueueName: "events" }))).toMatchObject({
    QueueUrl: `${stack.awsEndpoint}/${account}/events`,
  });

  expect(await send("Sender")).toBe("AccessDeniedException");
  await theirs.send(
    new SetQueueAttributesCommand({ QueueUrl, Attributes: policyOf("arn:aws:iam::000000000000:role/other") }),
  );
  expect(await send("Sender")).toBe("AccessDeniedException");
  expect(stack.violations).toEqual([]);
  await theirs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: policyOf(stack.outputs.RoleArn) }));
  expect(await send("Sender")).toBeUndefined();
  expect((await theirs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toMatchObject([{ Body: "x" }]);

  expect(await send("Stranger")).toBe("AccessDeniedException");
  expect(stack.violations).toMatchObject([{ message: expect.stringContaining("no identity-based policy") }]);
});

test("a queue of another account with a key accepts messages only if the key's policy allows both uses", async () => {
  const stack = await run(assemblyDir);
  const send = async () => (await call(stack, "Sender", [[...message]]))[0]?.error;
  const config = { ...credentialsOf(account), endpoint: stack.awsEndpoint };
  const theirs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  const Attributes = { ...policyOf(stack.outputs.RoleArn), KmsMasterKeyId: keyArn };
  await theirs.send(new CreateQueueCommand({ QueueName: "events", Attributes }));

  expect(await send()).toBe("KmsAccessDenied");
  expect(stack.calls.at(-1)).toMatchObject({ action: "SendMessage", resource: arn, allowed: false });
  const throughSqs = { StringEquals: { "kms:ViaService": "sqs.us-east-1.amazonaws.com" } };
  const allow = (Action: string[], Condition: object = throughSqs) =>
    putKeyPolicy(stack.awsEndpoint, account, "1234", [
      { Effect: "Allow", Principal: { AWS: stack.outputs.RoleArn }, Action, Resource: "*", Condition },
    ]);
  await allow(["kms:GenerateDataKey"]);
  expect(await send()).toBe("KmsAccessDenied");
  await allow(["kms:GenerateDataKey", "kms:Decrypt"], { StringEquals: { "kms:ViaService": "sns.us-east-1.x" } });
  expect(await send()).toBe("KmsAccessDenied");
  await allow(["kms:GenerateDataKey", "kms:Decrypt"]);
  expect(await send()).toBeUndefined();
  expect((await theirs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toMatchObject([{ Body: "x" }]);

  // The policy of the AWS managed key, which nobody can change, allows no other account.
  await theirs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { KmsMasterKeyId: "alias/aws/1234-x" } }));
  expect(stack.violations).toEqual([]);
  expect(await send()).toBe("KmsAccessDenied");
  expect(stack.violations).toMatchObject([{ message: expect.stringContaining("no identity-based policy") }]);
  await theirs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { KmsMasterKeyId: "" } }));
  expect(await send()).toBeUndefined();
});

test("the policies of the stack's own keys come from its template", async () => {
  const stack = await run(assemblyDir);
  await expect(putKeyPolicy(stack.awsEndpoint, "000000000000", "1234", [])).rejects.toThrow(/not modelled/);
});

test("an event bus of another account accepts no events without a policy", async () => {
  const stack = await run(assemblyDir);
  const entry = { EventBusName: bus, Source: "s", DetailType: "t", Detail: "{}" };
  const [response] = await call(stack, "Sender", [["AWSEvents.PutEvents", { Entries: [entry] }]]);
  expect(response?.error).toBe("AccessDeniedException");
  expect(stack.calls.at(-1)).toMatchObject({ action: "PutEvents", resource: bus, allowed: false });
});
