import * as z from "zod";
import type { StackResources } from "../template/stack-resources.ts";
import { StartUpError } from "../template/start-up-error.ts";
import { type AccessRequest, decide, parsePolicy, type Statement } from "./policy.ts";
import type { Role } from "./roles.ts";

const reference = z.string().optional();
const tableSchema = z.object({
  Replicas: z.array(z.object({ SSESpecification: z.object({ KMSMasterKeyId: reference }).optional() })).default([]),
  SSESpecification: z.object({ KMSMasterKeyId: reference }).optional(),
});

/** The customer managed keys of tables, queues, topics and secrets, and their key policies. */
export interface EncryptionKeys {
  /** ARN of a resource's customer managed key; undefined if it has none. */
  keyOf(resourceArn: string): string | undefined;
  /** Whether a role may use a key, by the key's policy and the role's policies. */
  allows(role: Role, request: AccessRequest): boolean;
}

/** Reads all keys, aliases and key policies of the stack. */
export function readEncryptionKeys(stack: StackResources): EncryptionKeys {
  const keys = stack.ofType("AWS::KMS::Key", z.object({ KeyPolicy: z.unknown() }));
  const aliases = stack.ofType("AWS::KMS::Alias", z.object({ TargetKeyId: z.string() }));
  const tables = stack.ofType(["AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table"], tableSchema);
  const queues = stack.ofType("AWS::SQS::Queue", z.object({ KmsMasterKeyId: reference }));
  const topics = stack.ofType("AWS::SNS::Topic", z.object({ KmsMasterKeyId: reference }));
  const secrets = stack.ofType("AWS::SecretsManager::Secret", z.object({ KmsKeyId: reference }));

  function resolve(keyReference: string | undefined): string | undefined {
    if (keyReference === undefined || keyReference.includes("alias/aws/")) return undefined;
    const target = aliases.find(({ name }) => keyReference.endsWith(name))?.properties.TargetKeyId ?? keyReference;
    const key = keys.find(({ name, arn }) => target === arn || target === name);
    if (key === undefined) throw new StartUpError(`the key ${keyReference} is not in the template`);
    return key.arn;
  }

  const keyByResource = new Map<string, string | undefined>([
    ...tables.map(({ arn, properties }) => {
      const specification = properties.SSESpecification ?? {};
      const replica = properties.Replicas[0]?.SSESpecification;
      return [arn, resolve(replica?.KMSMasterKeyId ?? specification.KMSMasterKeyId)] as const;
    }),
    ...queues.map(({ arn, properties }) => [arn, resolve(properties.KmsMasterKeyId)] as const),
    ...topics.map(({ arn, properties }) => [arn, resolve(properties.KmsMasterKeyId)] as const),
    ...secrets.map(({ arn, properties }) => [arn, resolve(properties.KmsKeyId)] as const),
  ]);

  const policies = new Map<string, Statement[]>(
    keys.map(({ id, arn, properties }) => [
      arn,
      // Statements for services only (CloudWatch, SNS, …) apply to no caller of this stack.
      parsePolicy(properties.KeyPolicy, `${id}.KeyPolicy`, (principals) => principals.AWS.length > 0),
    ]),
  );
  const root = `arn:${stack.place.partition}:iam::${stack.place.account}:root`;

  return {
    keyOf: (resourceArn) => keyByResource.get(resourceArn),
    // AWS KMS: a key policy that names the role is enough. If it names the account, the role's policies decide.
    // https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
    allows(role, request) {
      const policy = policies.get(request.resource) ?? [];
      const naming = (principals: readonly string[]) => (statement: Statement) =>
        statement.awsPrincipals.some((principal) => principals.includes(principal));
      const direct = decide(policy.filter(naming([role.arn, "*"])), request);
      const delegated = decide(policy.filter(naming([root, stack.place.account])), request);
      const own = decide(role.statements, request);
      if ([direct, delegated, own].includes("explicit deny")) return false;
      return direct === "allow" || (delegated === "allow" && own === "allow");
    },
  };
}
