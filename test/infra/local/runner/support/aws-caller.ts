import { AttributeType, ProjectionType, TableEncryptionV2, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { CfnOutput } from "aws-cdk-lib/core";
import type { LocalStack } from "../../../../../infra/local/runner/local-stack-type.ts";
import { lambda, synthesize } from "./assembly.ts";

/** Makes the AWS calls of its event one after another. Returns the outputs, or the errors' names. */
export const callerSource = `
export const handler = async (calls) => {
  const responses = [];
  for (const [target, input] of calls) {
    responses.push(await aws(target, input).then((output) => ({ output }), (error) => ({ error: error.name })));
  }
  return responses;
};`;

/**
 * Synthesizes a stack of a table, a queue, a secret and three functions. `Trusted` has all permissions, `Reader` a few,
 * `Careless` does not await its calls.
 */
export function synthesizeCallers(): string {
  return synthesize((stack) => {
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

    const trusted = lambda(stack, "Trusted", callerSource);
    table.grantReadWriteData(trusted);
    queue.grantSendMessages(trusted);
    secret.grantRead(trusted);

    const reader = lambda(stack, "Reader", callerSource);
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
}

/** A DynamoDB call for `call`. */
export const dynamodb = (action: string, input: object) => [`DynamoDB_20120810.${action}`, input] as const;
export const item = (more: object = {}) => ({ pk: { S: "a" }, ...more });

/** Invokes a function that makes AWS calls. Returns the outputs, or the errors' names. */
export async function call(stack: LocalStack, fn: string, calls: (readonly [string, object])[]) {
  const outcome = await stack.invoke(fn, calls);
  if (outcome.status !== "succeeded") throw new Error(JSON.stringify(outcome));
  return JSON.parse(outcome.payload) as { output?: Record<string, unknown>; error?: string }[];
}
