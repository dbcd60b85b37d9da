import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "@jest/globals";
import { call, dynamodb, item, synthesizeCallers } from "../support/aws-caller.ts";
import { operator, run, until } from "../support/running-stack.ts";

const assemblyDir = synthesizeCallers();
const credentials = { accessKeyId: "local", secretAccessKey: "local" };

describe("permissions", () => {
  test("allows the template's grants on tables, indexes, queues, secrets and keys", async () => {
    const stack = await run(assemblyDir, { secretValues: { Token: '{"a":1}' } });
    const { TableName = "", QueueUrl = "", SecretArn } = stack.outputs;
    const responses = await call(stack, "Trusted", [
      dynamodb("PutItem", { TableName, Item: item({ lane: { S: "OPEN" }, laneAt: { N: "1" } }) }),
      dynamodb("Query", {
        TableName,
        IndexName: "lanes",
        KeyConditionExpression: "lane = :l",
        ExpressionAttributeValues: { ":l": { S: "OPEN" } },
      }),
      dynamodb("BatchGetItem", { RequestItems: { [TableName]: { Keys: [item()] } } }),
      ["AmazonSQS.SendMessageBatch", { QueueUrl, Entries: [{ Id: "1", MessageBody: "x" }] }],
      ["secretsmanager.GetSecretValue", { SecretId: SecretArn }],
    ]);
    expect(responses.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(responses[1]?.output).toMatchObject({ Count: 1 });
    expect(responses[4]?.output).toMatchObject({
      SecretString: '{"a":1}',
      ARN: SecretArn,
      VersionStages: ["AWSCURRENT"],
    });
    expect(stack.violations).toEqual([]);
  });

  test.each([
    ["an index without its own ARN", "Query", { IndexName: "lanes" }, "dynamodb:Query"],
    ["a write without the key's GenerateDataKey", "PutItem", { Item: item() }, "kms:GenerateDataKey"],
    ["a denied action", "GetItem", { Key: item() }, "dynamodb:GetItem"],
    ["an action without a grant", "Scan", {}, "dynamodb:Scan"],
  ])("%s is refused", async (_, action, input, missing) => {
    const stack = await run(assemblyDir);
    const { TableName } = stack.outputs;
    const [response] = await call(stack, "Reader", [dynamodb(action, { TableName, ...input })]);
    expect(response?.error).toBe("AccessDeniedException");
    expect(stack.violations).toMatchObject([{ kind: "access denied", message: expect.stringContaining(missing) }]);
    expect(stack.calls).toMatchObject([{ action, allowed: false, error: "AccessDeniedException" }]);
  });

  test("unknown access keys and calls that are not modelled are refused", async () => {
    const stack = await run(assemblyDir);
    const response = await fetch(stack.awsEndpoint, {
      method: "POST",
      headers: { "x-amz-target": "AmazonSQS.ListQueues" },
    });
    expect(response.status).toBe(400);
    await expect(operator(stack, "AmazonSNS.Publish", {})).rejects.toThrow("UnknownOperationException");
    expect(stack.violations.map(({ kind }) => kind)).toEqual(["unknown caller", "unknown call"]);
  });
});

test("AWS SDK clients work, by endpoint and by queue URL", async () => {
  const stack = await run(assemblyDir);
  const { TableName, QueueUrl } = stack.outputs;
  const config = { endpoint: stack.awsEndpoint, region: "us-east-1", credentials };
  const sqs = new SQSClient(config);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "hi" }));
  const { Messages } = await new SQSClient({ ...config, useQueueUrlAsEndpoint: false }).send(
    new ReceiveMessageCommand({ QueueUrl }),
  );
  expect(Messages).toMatchObject([{ Body: "hi" }]);
  const { Item } = await new DynamoDBClient(config).send(new GetItemCommand({ TableName, Key: { pk: { S: "?" } } }));
  expect(Item).toBeUndefined();
  await expect(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x", DelaySeconds: 901 }))).rejects.toThrow(
    "901",
  );
  expect(await operator(stack, "AmazonSQS.GetQueueUrl", { QueueName: QueueUrl?.split("/").at(-1) })).toEqual({
    QueueUrl,
  });
});

describe("invocations", () => {
  test("a call after the invocation is refused: on AWS it would be frozen", async () => {
    const stack = await run(assemblyDir);
    await stack.invoke("Careless", { QueueUrl: stack.outputs.QueueUrl, later: true });
    await until("the stray call arrives", () => stack.violations.length > 0);
    expect(stack.violations).toMatchObject([{ kind: "no invocation open" }]);
    expect(stack.calls).toMatchObject([{ action: "SendMessage", allowed: false }]);
  });

  test("an aborted call is no violation, however late it arrives", async () => {
    const stack = await run(assemblyDir);
    await stack.invoke("Careless", { QueueUrl: stack.outputs.QueueUrl, later: true, patienceMs: 50 });
    await until("the call is aborted", () => stack.calls.length > 0);
    expect(stack.calls).toMatchObject([{ action: "SendMessage", error: "Disconnected" }]);
    expect(stack.violations).toEqual([]);
  });

  test("a call that the function did not await is a violation", async () => {
    const stack = await run(assemblyDir);
    stack.faults.add({ kind: "delay", delayMs: 2000 });
    await stack.invoke("Careless", { QueueUrl: stack.outputs.QueueUrl, later: false });
    await until("the call ends", () => stack.violations.length > 0);
    expect(stack.violations).toMatchObject([{ message: expect.stringContaining("was not awaited") }]);
  });
});
