import * as z from "zod";

/** The kinds of endpoints in an issuer's own AWS account. */
export const targetType = z.enum(["sqs", "eventbridge"]);

/** An account of AWS. */
export const accountId = z.string().regex(/^\d{12}$/, "must be a 12-digit account id");

const partition = "(aws|aws-cn|aws-us-gov)";
const place = "([a-z]{2}(?:-[a-z]+){1,3}-[1-9]):([0-9]{12})";
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const queueArn = `^arn:${partition}:sqs:${place}:([A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}[.]fifo)$`;
/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html */
const busArn = `^arn:${partition}:events:${place}:event-bus/([A-Za-z0-9._-]{1,256})$`;

const arnPatterns = { sqs: new RegExp(queueArn), eventbridge: new RegExp(busArn) };

/** The ARN of a queue or an event bus. */
export const targetArn = z
  .string("must be a string")
  .regex(new RegExp(`${queueArn}|${busArn}`), "must be the ARN of an SQS queue or an EventBridge event bus");

/** A queue or event bus, by the parts of its ARN. */
export interface AwsTarget {
  type: z.infer<typeof targetType>;
  arn: string;
  partition: string;
  region: string;
  account: string;
  name: string;
}

/** Reads the ARN of a target; `undefined` if it is none, for example the URL of a webhook. */
export function readTarget(arn: string): AwsTarget | undefined {
  for (const type of targetType.options) {
    const [, awsPartition, region, account, name] = arnPatterns[type].exec(arn) ?? [];
    if (awsPartition !== undefined && region !== undefined && account !== undefined && name !== undefined)
      return { type, arn, partition: awsPartition, region, account, name };
  }
  return undefined;
}

/** Where the tracker runs, and the accounts in which each issuer may have targets. */
export const allowedTargets = z.object({
  partition: z.string(),
  region: z.string(),
  account: z.string(),
  accountsOf: z.record(z.string(), z.array(accountId)),
});
export type AllowedTargets = z.infer<typeof allowedTargets>;

/** No issuer may have targets. */
export const noTargets: AllowedTargets = { partition: "", region: "", account: "", accountsOf: {} };

/**
 * Why an issuer may not have a target, as a message for its owner; `undefined` if it may. The tracker's roles may send
 * to queues of other issuers and, as a confused deputy, could be made to send to queues of its own account. So the
 * account must be one that the deployment's owner has listed for this issuer, and never the tracker's own.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function targetError(organizationId: string, target: AwsTarget, allowed: AllowedTargets): string | undefined {
  const accounts = Object.hasOwn(allowed.accountsOf, organizationId) ? allowed.accountsOf[organizationId] : undefined;
  if (accounts === undefined) return "is not available: this deployment lists no AWS account of the issuer";
  if (target.account === allowed.account) return "must not be in the account of this deployment";
  if (!accounts.includes(target.account)) return "must be in an AWS account that this deployment lists for the issuer";
  if (target.partition !== allowed.partition || target.region !== allowed.region)
    return `must be in the region of this deployment, ${allowed.region}`;
  return undefined;
}
