import {
  AccountPrincipal,
  ArnPrincipal,
  Grant,
  type IGrantable,
  type IPrincipal,
  PolicyStatement,
} from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Duration, type RemovalPolicy, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { grantUseOf } from "./data-key.ts";

interface MessageQueueProps {
  key: IKey;
  /** At least six times the timeout of a function that consumes it. */
  visibilityTimeout: Duration;
  removalPolicy: RemovalPolicy;
  /** Principals, accounts (by id) and roles (by ARN) that may consume it. */
  consumers?: readonly (string | IPrincipal)[];
  /** Another queue's, to share them. */
  deadLetters?: Queue;
}

/**
 * A queue over HTTPS only, encrypted with the stack's key, and its dead-letter queue, in which a message lasts 14
 * days.
 */
export class MessageQueue extends Queue {
  /** Where a message goes that could not be worked on five times. */
  readonly deadLetters: Queue;
  private readonly key: IKey;

  constructor(
    scope: Construct,
    id: string,
    { key, visibilityTimeout, removalPolicy, consumers = [], deadLetters: shared }: MessageQueueProps,
  ) {
    const common = { encryption: QueueEncryption.KMS, encryptionMasterKey: key, enforceSSL: true, removalPolicy };
    const deadLetters =
      shared ?? new Queue(scope, `${id}DeadLetters`, { ...common, retentionPeriod: Duration.days(14) });
    super(scope, id, {
      ...common,
      visibilityTimeout,
      // A message keeps its age in the dead-letter queue, so it has at least a week there.
      retentionPeriod: Duration.days(7),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
    });
    this.deadLetters = deadLetters;
    this.key = key;
    Validations.of(deadLetters).acknowledge({
      id: "Serverless::Serverless-SQSRedrivePolicy",
      reason: "It is itself where messages are redriven to and from.",
    });
    for (const consumer of consumers) this.grantConsumeMessages(principalOf(consumer));
  }

  /** Lets a role or account consume, and decrypt what it receives from SQS and nothing else. */
  override grantConsumeMessages(grantee: IGrantable): Grant {
    const actions = [
      "sqs:ReceiveMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueUrl",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
    ];
    return Grant.addToPrincipalOrResource({ grantee, actions, resourceArns: [this.queueArn], resource: this }).combine(
      grantUseOf(this.key, grantee, "sqs", "kms:Decrypt"),
    );
  }

  /**
   * Lets a role look into the dead letters, purge them and send them back to this queue.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
   */
  grantRedrive(grantee: IGrantable): Grant {
    const onDeadLetters = [
      "sqs:StartMessageMoveTask",
      "sqs:ListMessageMoveTasks",
      "sqs:CancelMessageMoveTask",
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:PurgeQueue",
      "sqs:GetQueueAttributes",
    ];
    return Grant.addToPrincipal({ grantee, actions: onDeadLetters, resourceArns: [this.deadLetters.queueArn] })
      .combine(Grant.addToPrincipal({ grantee, actions: ["sqs:SendMessage"], resourceArns: [this.queueArn] }))
      .combine(grantUseOf(this.key, grantee, "sqs", "kms:Decrypt", "kms:GenerateDataKey"));
  }

  /** Lets a function send. */
  allowSend(): PolicyStatement {
    return new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [this.queueArn] });
  }

  /** Lets an event source mapping consume on a function's behalf: exactly what Lambda asks for. */
  allowConsume(): PolicyStatement {
    return new PolicyStatement({
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [this.queueArn],
    });
  }
}

function principalOf(consumer: string | IPrincipal): IPrincipal {
  if (typeof consumer !== "string") return consumer;
  // A token is an ARN: accounts of the same app are given as principals or through the stack's own id.
  return /^\d+$/.test(consumer) ? new AccountPrincipal(consumer) : new ArnPrincipal(consumer);
}
