import {
  AccountPrincipal,
  ArnPrincipal,
  Grant,
  type IGrantable,
  type IPrincipal,
  PolicyStatement,
} from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Duration, type RemovalPolicy, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { grantUseOf } from "./data-key.ts";

export interface MessageQueueProps {
  key: IKey;
  /** At least six times the timeout of a function that consumes it. */
  visibilityTimeout: Duration;
  removalPolicy: RemovalPolicy;
  /** Principals, accounts (by id) and roles (by ARN) that may consume it. */
  consumers?: readonly (string | IPrincipal)[];
  /** Another queue's dead-letter queue to share. */
  deadLetters?: Queue;
  /** Whether messages of a group keep their order. */
  fifo?: boolean;
}

/**
 * A FIFO queue whose groups do not share one limit of throughput. Its dead-letter queue must be FIFO, too.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
 */
const inOrder = {
  fifo: true,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
};

/**
 * A queue with its dead-letter queue, encrypted with the stack's key, over HTTPS only. Dead letters are kept for 14
 * days.
 */
export class MessageQueue extends Queue {
  /** Gets messages that have failed five times. */
  readonly deadLetters: Queue;
  private readonly key: IKey;

  constructor(
    scope: Construct,
    id: string,
    { key, visibilityTimeout, removalPolicy, consumers = [], deadLetters: shared, fifo = false }: MessageQueueProps,
  ) {
    const common = { encryption: QueueEncryption.KMS, encryptionMasterKey: key, enforceSSL: true, removalPolicy };
    const order = fifo ? inOrder : {};
    const deadLetters =
      shared ?? new Queue(scope, `${id}DeadLetters`, { ...common, ...order, retentionPeriod: Duration.days(14) });
    super(scope, id, {
      ...common,
      ...order,
      visibilityTimeout,
      // A message keeps its age in the dead-letter queue, so it stays there for at least a week.
      retentionPeriod: Duration.days(7),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
    });
    this.deadLetters = deadLetters;
    this.key = key;
    Validations.of(deadLetters).acknowledge({
      id: "Serverless::Serverless-SQSRedrivePolicy",
      reason: "It is the dead-letter queue itself.",
    });
    for (const consumer of consumers) this.grantConsumeMessages(principalOf(consumer));
  }

  /** Lets a role or account consume and decrypt messages from this queue. */
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
   * Lets a role read and purge the dead letters, and redrive them to this queue.
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

  /** Allows sending messages. */
  allowSend(): PolicyStatement {
    return new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [this.queueArn] });
  }

  /**
   * Allows an event source mapping to consume for a function: exactly the permissions that Lambda requires.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   */
  allowConsume(): PolicyStatement {
    return new PolicyStatement({
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [this.queueArn],
    });
  }
}

function principalOf(consumer: string | IPrincipal): IPrincipal {
  if (typeof consumer !== "string") return consumer;
  // A token is treated as an ARN. Give accounts of the same app as principals or by their ids.
  return /^\d+$/.test(consumer) ? new AccountPrincipal(consumer) : new ArnPrincipal(consumer);
}
