import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "@jest/globals";
import { AttributeType, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { CfnOutput } from "aws-cdk-lib/core";
import type { LocalStack } from "../../../../infra/local/runner/local-stack-type.ts";
import { synthesize } from "./support/assembly.ts";
import { operator, run } from "./support/running-stack.ts";

let assemblyDir: string;
beforeAll(() => {
  assemblyDir = synthesize((stack) => {
    const table = new TableV2(stack, "Table", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      globalSecondaryIndexes: [{ indexName: "lanes", partitionKey: { name: "lane", type: AttributeType.STRING } }],
    });
    new CfnOutput(stack, "TableName", { value: table.tableName });
    new CfnOutput(stack, "QueueUrl", { value: new Queue(stack, "Queue").queueUrl });
    new CfnOutput(stack, "SecretArn", { value: new Secret(stack, "Secret").secretArn });
  });
});

const table = (stack: LocalStack, action: string, input: object) =>
  operator(stack, `DynamoDB_20120810.${action}`, { TableName: stack.outputs.TableName, ...input });
const secret = (stack: LocalStack) =>
  operator(stack, "secretsmanager.GetSecretValue", { SecretId: stack.outputs.SecretArn });

test("items, messages and generated secrets survive a restart", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "data-"));
  const first = await run(assemblyDir, { dataDir });
  await table(first, "PutItem", { Item: { pk: { S: "a" } } });
  await operator(first, "AmazonSQS.SendMessage", { QueueUrl: first.outputs.QueueUrl, MessageBody: "kept" });
  const generated = await secret(first);
  await first.stop();

  const second = await run(assemblyDir, { dataDir });
  expect(await table(second, "Scan", {})).toMatchObject({ Items: [{ pk: { S: "a" } }] });
  expect(await operator(second, "AmazonSQS.ReceiveMessage", { QueueUrl: second.outputs.QueueUrl })).toMatchObject({
    Messages: [{ Body: "kept" }],
  });
  expect(await secret(second)).toEqual(generated);
});

test("after a kill during writes, acknowledged items exist and indexes match items", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "data-"));
  const script = fileURLToPath(new URL("./support/write-until-killed.ts", import.meta.url));
  const child = spawn(process.execPath, [script, assemblyDir, dataDir], {
    env: {},
    stdio: ["ignore", "pipe", "inherit"],
  });
  const acknowledged = new Set<string>();
  let partial = "";
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk) => {
      const lines = `${partial}${chunk}`.split("\n");
      partial = lines.pop() ?? "";
      for (const line of lines) acknowledged.add(line);
      if (acknowledged.size > 200) child.kill("SIGKILL");
    });
    child.once("exit", () => resolve());
  });
  expect(acknowledged.size).toBeGreaterThan(200);

  const stack = await run(assemblyDir, { dataDir });
  type Row = { pk: { S: string }; lane?: { S: string } };
  const { Items } = (await table(stack, "Scan", {})) as { Items: Row[] };
  const { Items: entries } = (await table(stack, "Scan", { IndexName: "lanes" })) as { Items: Row[] };
  const inLane = (rows: Row[]) =>
    rows
      .filter(({ lane }) => lane !== undefined)
      .map(({ pk, lane }) => `${pk.S} ${lane?.S}`)
      .sort();
  expect(inLane(entries)).toEqual(inLane(Items));
  expect(Items.map(({ pk }) => pk.S)).toEqual(expect.arrayContaining([...acknowledged]));
});
