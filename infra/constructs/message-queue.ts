import { AccountPrincipal, ArnPrincipal, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Duration, type RemovalPolicy, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

interface MessageQueueProps {
  key: IKey;
  /** At least six times the timeout of a function that consumes it. */
  visibilityTimeout: Duration;
  removalPolicy: RemovalPolicy;
  /** Accounts (by id) and roles (by ARN) outside the stack that may consume it. */
  consumers?: string[];
  /** Another queue's, to share them. */
  deadLetters?: Queue;
}

/** A queue over HTTPS only, encrypted with the stack's key, and its dead-letter queue, in which a message lasts 14 days. */
export class MessageQueue extends Queue {
  /** Where a message goes that could not be worked on five times. */
  readonly deadLetters: Queue;

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
    Validations.of(deadLetters).acknowledge({
      id: "Serverless::Serverless-SQSRedrivePolicy",
      reason: "It is itself where messages are redriven to and from.",
    });
    for (const consumer of consumers) {
      this.grantConsumeMessages(/^\d+$/.test(consumer) ? new AccountPrincipal(consumer) : new ArnPrincipal(consumer));
    }
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
