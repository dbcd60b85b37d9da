import { describe, expect, test } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { resourcesOf, synthesize } from "../support/synthesize.ts";

const template = synthesize();
const key = { "Fn::GetAtt": [Match.stringLikeRegexp("^DataKey"), "Arn"] };

describe("the queues", () => {
  const queues = resourcesOf(template, "AWS::SQS::Queue");

  test.each(queues)("%s is encrypted with the key and refuses plain http", (id) => {
    template.hasResourceProperties("AWS::SQS::Queue", { KmsMasterKeyId: key });
    template.hasResourceProperties("AWS::SQS::QueuePolicy", {
      Queues: [{ Ref: id }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        ]),
      },
    });
  });

  test.each(["Resolutions", "Deliveries"])("%s has a dead-letter queue that keeps messages for 14 days", (name) => {
    const deadLetters = queues.find(([id]) => id.startsWith(`${name}DeadLetters`));
    expect(deadLetters?.[1]).toMatchObject({ MessageRetentionPeriod: 14 * 86_400 });
    expect(queues.find(([id]) => id.startsWith(name) && id !== deadLetters?.[0])?.[1]).toMatchObject({
      RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": [deadLetters?.[0], "Arn"] } },
    });
  });

  test("deliveries are consumed in batches with partial failures, and a visibility timeout of six function timeouts", () => {
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: 10,
      EventSourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^Deliveries(?!DeadLetters)"), "Arn"] },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 50 },
    });
    template.hasResourceProperties("AWS::SQS::Queue", { VisibilityTimeout: 6 * 60 });
    template.hasResourceProperties("AWS::Lambda::Function", {
      Timeout: 60,
      Environment: { Variables: { POWERTOOLS_SERVICE_NAME: "deliver-webhooks" } },
    });
  });
});

test("a FIFO queue of resolutions limits the throughput by audit, and has FIFO dead letters; the others stay standard", () => {
  const queues = resourcesOf(synthesize({ resolutionsFifo: true }), "AWS::SQS::Queue");
  const ordered = { FifoQueue: true, DeduplicationScope: "messageGroup", FifoThroughputLimit: "perMessageGroupId" };
  const inOrder = queues.filter(([, { FifoQueue }]) => FifoQueue === true);
  expect(inOrder.map(([id]) => id.replace(/[0-9A-F]{8}$/, ""))).toEqual([
    "OrderedResolutionsDeadLetters",
    "OrderedResolutions",
  ]);
  for (const [, properties] of inOrder) expect(properties).toMatchObject(ordered);
  expect(queues.filter(([id]) => /Deliveries/.test(id))).toHaveLength(3);
});
