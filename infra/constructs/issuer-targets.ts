import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Aws, Validations } from "aws-cdk-lib/core";
import type { IConstruct } from "constructs";
import type { AllowedTargets } from "../../functions/core/subscriptions/aws-target.ts";
import { via } from "./data-key.ts";

/** The accounts in which each issuer may have queues and event buses, by the issuer's organization. */
export type TargetAccounts = Readonly<Record<string, readonly string[]>>;

const accountsIn = (accounts: TargetAccounts) => [...new Set(Object.values(accounts).flat())].sort();
const resourcesIn = (accounts: TargetAccounts, service: string, names: string) =>
  accountsIn(accounts).map((account) => `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${account}:${names}`);

/** What functions need to know to send events to queues and event buses of issuers, as JSON. */
export function targetsVariable(accounts: TargetAccounts): string {
  const accountsOf = Object.fromEntries(Object.entries(accounts).map(([issuer, ids]) => [issuer, [...ids]]));
  const allowed: AllowedTargets = {
    ...{ partition: Aws.PARTITION, region: Aws.REGION, account: Aws.ACCOUNT_ID },
    accountsOf,
  };
  return JSON.stringify(allowed);
}

/**
 * Allows sending to the queues and event buses of these accounts. Their policies must allow it, too.
 *
 * Sending to a queue with a customer managed key needs permissions for that key in the policies of both accounts. They
 * are limited to uses by SQS. EventBridge uses the key of a bus itself.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
export function allowTargets(accounts: TargetAccounts): PolicyStatement[] {
  if (accountsIn(accounts).length === 0) return [];
  return [
    new PolicyStatement({ actions: ["sqs:SendMessage"], resources: resourcesIn(accounts, "sqs", "*") }),
    new PolicyStatement({
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: resourcesIn(accounts, "kms", "key/*"),
      conditions: via("sqs"),
    }),
    new PolicyStatement({ actions: ["events:PutEvents"], resources: resourcesIn(accounts, "events", "event-bus/*") }),
  ];
}

/** Says why the permissions of `allowTargets` have wildcards. */
export function acknowledgeTargets(fn: IConstruct, accounts: TargetAccounts): void {
  for (const account of accountsIn(accounts))
    for (const name of [
      `sqs:<AWS::Region>:${account}:*`,
      `events:<AWS::Region>:${account}:event-bus/*`,
      `kms:<AWS::Region>:${account}:key/*`,
    ])
      Validations.of(fn).acknowledge({
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:${name}]`,
        reason: "The issuer chooses the names and keys in its own account, and the policies there decide.",
      });
}
