import type { AwsRequest } from "../protocol/aws-request.ts";
import { busArn, type Place, queueArn } from "../template/resource-kinds.ts";
import type { EncryptionKeys } from "./encryption-keys.ts";
import { leadingKeys } from "./leading-keys.ts";
import type { AccessRequest } from "./policy.ts";

/** Finds ARNs for the names in a call's input, also for names that the template does not have. */
export interface ResourceArns {
  secret(idOrArn: string): string;
  /** Name of a table's partition key. */
  partitionKey(tableArn: string): string;
}

const batchActions: Readonly<Record<string, string>> = {
  SendMessageBatch: "SendMessage",
  DeleteMessageBatch: "DeleteMessage",
  ChangeMessageVisibilityBatch: "ChangeMessageVisibility",
};

const transactActions: Readonly<Record<string, string>> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
  Get: "GetItem",
};

/**
 * Model of KMS. Reading from a table, queue or secret with a customer managed key needs `kms:Decrypt`. Writing and
 * sending also need `kms:GenerateDataKey`. All other actions need no key. SQS and Secrets Manager document this.
 * DynamoDB caches its keys, so on AWS a missing permission can show later than here.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
const keyActions: Readonly<Record<string, readonly string[]>> = {
  "dynamodb:GetItem": ["kms:Decrypt"],
  "dynamodb:BatchGetItem": ["kms:Decrypt"],
  "dynamodb:Query": ["kms:Decrypt"],
  "dynamodb:Scan": ["kms:Decrypt"],
  "dynamodb:ConditionCheckItem": ["kms:Decrypt"],
  "dynamodb:PutItem": ["kms:Decrypt", "kms:GenerateDataKey"],
  "dynamodb:UpdateItem": ["kms:Decrypt", "kms:GenerateDataKey"],
  "dynamodb:DeleteItem": ["kms:Decrypt", "kms:GenerateDataKey"],
  "dynamodb:BatchWriteItem": ["kms:Decrypt", "kms:GenerateDataKey"],
  "sqs:SendMessage": ["kms:Decrypt", "kms:GenerateDataKey"],
  "sqs:ReceiveMessage": ["kms:Decrypt"],
  "sns:Publish": ["kms:Decrypt", "kms:GenerateDataKey"],
  "secretsmanager:GetSecretValue": ["kms:Decrypt"],
  "secretsmanager:PutSecretValue": ["kms:Decrypt", "kms:GenerateDataKey"],
};

/** All permissions that a call needs, including those on encryption keys. */
export function requiredPermissions(
  request: AwsRequest,
  place: Place,
  keys: Pick<EncryptionKeys, "keyOf">,
  arns: ResourceArns,
): AccessRequest[] {
  const context = { "aws:SecureTransport": "true" };
  const direct = touched(request, place, arns).map(([action, resource]) => {
    const keysOfItems = request.service === "dynamodb" && leadingKeys(request, arns.partitionKey(resource));
    return {
      action: `${request.service}:${action}`,
      resource,
      context: keysOfItems ? { ...context, "dynamodb:LeadingKeys": keysOfItems } : context,
    };
  });
  const onKeys = direct.flatMap(({ action, resource }) => {
    const key = keys.keyOf(resource.replace(/\/index\/.*$/, ""));
    if (key === undefined) return [];
    const via = { ...context, "kms:ViaService": `${request.service}.${place.region}.amazonaws.com` };
    return (keyActions[action] ?? []).map((keyAction) => ({ action: keyAction, resource: key, context: via }));
  });
  return [...direct, ...onKeys];
}

function touched(request: AwsRequest, place: Place, arns: ResourceArns): [action: string, arn: string][] {
  const { service, action, input } = request;
  if (service === "secretsmanager") return [[action, arns.secret(text(input.SecretId))]];
  if (service === "sns") return [[action, text(input.TopicArn)]];
  const owner = { ...place, account: request.account ?? place.account };
  if (service === "events") return busesOf(input, owner).map((arn) => [action, arn]);
  if (service === "sqs") return [[batchActions[action] ?? action, queueOf(input, owner)]];
  const table = (name: unknown) =>
    text(name).startsWith("arn:")
      ? text(name)
      : `arn:${place.partition}:dynamodb:${place.region}:${place.account}:table/${text(name)}`;
  if (Array.isArray(input.TransactItems)) {
    return input.TransactItems.flatMap((item: Record<string, { TableName?: unknown }>) =>
      Object.entries(item).map(([kind, part]): [string, string] => [
        transactActions[kind] ?? kind,
        table(part.TableName),
      ]),
    );
  }
  if (typeof input.RequestItems === "object" && input.RequestItems !== null) {
    return Object.keys(input.RequestItems).map((name) => [action, table(name)]);
  }
  if (input.TableName === undefined) return [[action, "*"]];
  const index = input.IndexName === undefined ? "" : `/index/${text(input.IndexName)}`;
  return [[action, `${table(input.TableName)}${index}`]];
}

/** The queue that a call of SQS names, by the account and name in its URL, or by its name. */
function queueOf(input: AwsRequest["input"], owner: Place): string {
  const parts = text(input.QueueUrl ?? input.QueueName).split("/");
  const [account = "", name = ""] = parts.length > 1 ? parts.slice(-2) : [owner.account, ...parts];
  if (name === "") return "*";
  return queueArn(name, /^\d{12}$/.test(account) ? { ...owner, account } : owner);
}

/** The buses that a call of EventBridge names, by their name or ARN. */
function busesOf(input: AwsRequest["input"], place: Place): string[] {
  const named = Array.isArray(input.Entries) ? input.Entries : [input];
  const names = named.map((each: { EventBusName?: unknown }) => text(each.EventBusName) || "default");
  return [...new Set(names)].map((name) => busArn(name, place));
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
