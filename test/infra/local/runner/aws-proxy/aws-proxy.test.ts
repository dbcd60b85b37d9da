import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { AttributeType, ProjectionType, TableEncryptionV2, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { CfnOutput } from "aws-cdk-lib/core";
import type { LocalStack } from "../../../../../infra/local/runner/local-stack.ts";
import { lambda, synthesize } from "../support/assembly.ts";
import { operator, run, until } from "../support/running-stack.ts";

/** Makes the AWS calls of its event in turn; answers with the outputs, or with the error's name. */
const caller = `
export const handler = async (calls) => {
  const answers = [];
  for (const [target, input] of calls) {
    answers.push(await aws(target, input).then((output) => ({ output }), (error) => ({ error: error.name })));
  }
  return answers;
};`;

let assemblyDir: string;
beforeAll(() => {
  assemblyDir = synthesize((stack) => {
    const key = new Key(stack, "Key");
    const table = new TableV2(stack, "Table", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      encryption: TableEncryptionV2.customerManagedKey(key),
      globalSecondaryIndexes: [
        {
          indexName: "lanes",
          partitionKey: { name: "lane", type: AttributeType.STRING },
          sortKey: { name: "laneAt", type: AttributeType.NUMBER },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    });
    const queue = new Queue(stack, "Queue", { encryption: QueueEncryption.KMS, encryptionMasterKey: key });
    const secret = new Secret(stack, "Token", { encryptionKey: key });

    const trusted = lambda(stack, "Trusted", caller);
    table.grantReadWriteData(trusted);
    queue.grantSendMessages(trusted);
    secret.grantRead(trusted);

    const reader = lambda(stack, "Reader", caller);
    const allow = (actions: string[], ...resources: string[]) =>
      reader.addToRolePolicy(new PolicyStatement({ actions, resources }));
    allow(["dynamodb:Query", "dynamodb:PutItem"], table.tableArn);
    allow(["kms:Decrypt"], key.keyArn);
    allow(["sqs:SendMessage"], queue.queueArn);
    reader.addToRolePolicy(
      new PolicyStatement({ effect: Effect.DENY, actions: ["dynamodb:GetItem"], resources: ["*"] }),
    );
    lambda(
      stack,
      "Careless",
      `export const handler = async ({ QueueUrl, later, patienceMs }) => {
        const signal = () => patienceMs && AbortSignal.timeout(patienceMs);
        const send = () =>
          aws("AmazonSQS.SendMessage", { QueueUrl, MessageBody: "x" }, signal()).catch((e) => console.log(e.name));
        if (later) setTimeout(send, 20); else send();
        if (!later) await new Promise((r) => setTimeout(r, 1000));
      };`,
    ).role && queue.grantSendMessages(stack.node.findChild("Careless") as never);
    new CfnOutput(stack, "TableName", { value: table.tableName });
    new CfnOutput(stack, "QueueUrl", { value: queue.queueUrl });
    new CfnOutput(stack, "SecretArn", { value: secret.secretArn });
  });
});

const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const dynamodb = (action: string, input: object) => [`DynamoDB_20120810.${action}`, input] as const;
const item = (more: object = {}) => ({ pk: { S: "a" }, ...more });

async function call(stack: LocalStack, fn: string, calls: (readonly [string, object])[]) {
  const outcome = await stack.invoke(fn, calls);
  if (outcome.status !== "succeeded") throw new Error(JSON.stringify(outcome));
  return JSON.parse(outcome.payload) as { output?: Record<string, unknown>; error?: string }[];
}

describe("permissions", () => {
  test("what the template grants is allowed, on tables, indexes, queues, secrets and keys", async () => {
    const stack = await run(assemblyDir, { secretValues: { Token: '{"a":1}' } });
    const { TableName = "", QueueUrl = "", SecretArn } = stack.outputs;
    const answers = await call(stack, "Trusted", [
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
    expect(answers.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(answers[1]?.output).toMatchObject({ Count: 1 });
    expect(answers[4]?.output).toMatchObject({
      SecretString: '{"a":1}',
      ARN: SecretArn,
      VersionStages: ["AWSCURRENT"],
    });
    expect(stack.violations).toEqual([]);
  });

  test.each([
    ["an index without its own ARN", "Query", { IndexName: "lanes" }, "dynamodb:Query"],
    ["a write without the key's GenerateDataKey", "PutItem", { Item: item() }, "kms:GenerateDataKey"],
    ["what is denied", "GetItem", { Key: item() }, "dynamodb:GetItem"],
    ["what is not mentioned", "Scan", {}, "dynamodb:Scan"],
  ])("%s is refused", async (_, action, input, missing) => {
    const stack = await run(assemblyDir);
    const { TableName } = stack.outputs;
    const [answer] = await call(stack, "Reader", [dynamodb(action, { TableName, ...input })]);
    expect(answer?.error).toBe("AccessDeniedException");
    expect(stack.violations).toMatchObject([{ kind: "access denied", message: expect.stringContaining(missing) }]);
    expect(stack.calls).toMatchObject([{ action, allowed: false, error: "AccessDeniedException" }]);
  });

  test("an unknown key is refused, and a call that is not modelled", async () => {
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

test("AWS's own clients work, by endpoint and by queue URL", async () => {
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

  test("a call that is given up is forgiven, as late as it may arrive", async () => {
    const stack = await run(assemblyDir);
    await stack.invoke("Careless", { QueueUrl: stack.outputs.QueueUrl, later: true, patienceMs: 50 });
    await until("the call has been given up", () => stack.calls.length > 0);
    expect(stack.calls).toMatchObject([{ action: "SendMessage", error: "Disconnected" }]);
    expect(stack.violations).toEqual([]);
  });

  test("a call that was not awaited is found out, too", async () => {
    const stack = await run(assemblyDir, { faults: [{ kind: "delay", delayMs: 2000 }] });
    await stack.invoke("Careless", { QueueUrl: stack.outputs.QueueUrl, later: false });
    await until("the call ends", () => stack.violations.length > 0);
    expect(stack.violations).toMatchObject([{ message: expect.stringContaining("was not awaited") }]);
  });
});

describe("capacity", () => {
  async function units(...calls: (readonly [string, object])[]) {
    const stack = await run(assemblyDir);
    const { TableName } = stack.outputs;
    await call(
      stack,
      "Trusted",
      calls.map(([target, input]) => [target, { TableName, ...input }]),
    );
    return stack.calls.map(({ readUnits, writeUnits }) => [readUnits, writeUnits]);
  }
  const big = { S: "x".repeat(5000) };

  test("writes are counted with their indexes", async () => {
    const Key = item();
    const update = (UpdateExpression: string, values: object) =>
      dynamodb("UpdateItem", {
        Key,
        UpdateExpression,
        ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      });
    expect(
      await units(
        dynamodb("PutItem", { Item: item({ lane: { S: "A" }, laneAt: { N: "1" }, big }) }),
        update("SET laneAt = :n", { ":n": { N: "2" } }),
        update("SET big = :b", { ":b": { S: "small" } }),
        update("REMOVE lane", {}),
        dynamodb("PutItem", { Item: item(), ConditionExpression: "attribute_not_exists(pk)" }),
        dynamodb("DeleteItem", { Key }),
        dynamodb("DeleteItem", { Key }),
      ),
    ).toEqual([
      [0, 5 + 1],
      [0, 5 + 2],
      [0, 5],
      [0, 1 + 1],
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
  });

  test("reads are counted by what they go through, not by what they show", async () => {
    const puts = [1, 2].map((at) =>
      dynamodb("PutItem", { Item: { pk: { S: `${at}` }, lane: { S: "A" }, laneAt: { N: `${at}` }, big } }),
    );
    const query = {
      IndexName: "lanes",
      KeyConditionExpression: "lane = :l",
      ExpressionAttributeValues: { ":l": { S: "A" } },
    };
    const counted = await units(
      ...puts,
      dynamodb("GetItem", { Key: { pk: { S: "1" } }, ConsistentRead: true }),
      dynamodb("GetItem", { Key: { pk: { S: "1" } }, ProjectionExpression: "pk" }),
      dynamodb("GetItem", { Key: { pk: { S: "none" } } }),
      dynamodb("Query", query),
      dynamodb("Query", {
        ...query,
        IndexName: undefined,
        KeyConditionExpression: "pk = :p",
        ProjectionExpression: "#l",
        FilterExpression: "#l = :l",
        ExpressionAttributeNames: { "#l": "lane" },
        ExpressionAttributeValues: { ":l": { S: "none" }, ":p": { S: "1" } },
      }),
      dynamodb("Scan", {}),
    );
    expect(counted.slice(2)).toEqual([
      [2, 0],
      [1, 0],
      [0.5, 0],
      [0.5, 0],
      [1, 0],
      [1.5, 0],
    ]);
  });
});

describe("faults", () => {
  const put = (TableName: string | undefined) => [dynamodb("PutItem", { TableName, Item: item() })];
  const exists = async (stack: LocalStack) => {
    const input = { TableName: stack.outputs.TableName, Key: item() };
    return "Item" in ((await operator(stack, "DynamoDB_20120810.GetItem", input)) as object);
  };

  test.each([
    ["before", "InternalServerError", false],
    ["throttle", "ProvisionedThroughputExceededException", false],
    ["after", "TypeError", true],
  ] as const)("%s answers %s; the effect: %s", async (kind, error, effect) => {
    const stack = await run(assemblyDir);
    const hits = stack.faults.add({ function: "Trusted", service: "dynamodb", action: "PutItem", kind });
    expect(await call(stack, "Trusted", put(stack.outputs.TableName))).toMatchObject([{ error }]);
    expect(await exists(stack)).toBe(effect);
    expect(hits()).toBe(1);
  });

  test.each([
    ["crash-before", false],
    ["crash-after", true],
  ] as const)("%s kills the worker; the effect: %s", async (kind, effect) => {
    const stack = await run(assemblyDir);
    stack.faults.add({ kind });
    expect(await stack.invoke("Trusted", put(stack.outputs.TableName))).toMatchObject({
      errorType: "Runtime.ExitError",
    });
    expect(await exists(stack)).toBe(effect);
    expect(await stack.invoke("Trusted", put(stack.outputs.TableName))).toMatchObject({ status: "succeeded" });
  });

  test("hits the nth call, so many times, of those that match", async () => {
    const stack = await run(assemblyDir);
    const { TableName } = stack.outputs;
    stack.faults.add({ kind: "before", nth: 2, times: 2, matches: ({ Item }) => JSON.stringify(Item).includes("a") });
    const other = dynamodb("PutItem", { TableName, Item: { pk: { S: "b" } } });
    const answers = await call(stack, "Trusted", [
      ...put(TableName),
      other,
      ...put(TableName),
      ...put(TableName),
      ...put(TableName),
    ]);
    expect(answers.map(({ error }) => error !== undefined)).toEqual([false, false, true, true, false]);
  });
});
