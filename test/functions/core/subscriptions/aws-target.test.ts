import { describe, expect, test } from "@jest/globals";
import { readTarget, targetArn, targetError } from "../../../../functions/core/subscriptions/aws-target.ts";

const queue = "arn:aws:sqs:eu-west-1:111122223333:audits";
const bus = "arn:aws:events:eu-west-1:111122223333:event-bus/audits";

describe("an ARN", () => {
  test.each([
    [queue, { type: "sqs", account: "111122223333", region: "eu-west-1", partition: "aws", name: "audits" }],
    [`${queue}.fifo`, { type: "sqs", name: "audits.fifo" }],
    [bus, { type: "eventbridge", account: "111122223333", name: "audits" }],
    ["arn:aws-us-gov:sqs:us-gov-west-1:111122223333:a", { partition: "aws-us-gov", region: "us-gov-west-1" }],
    ["arn:aws-cn:events:cn-north-1:111122223333:event-bus/default", { partition: "aws-cn", name: "default" }],
  ])("%s is read by its parts", (arn, parts) => {
    expect(readTarget(arn)).toMatchObject({ ...parts, arn });
    expect(targetArn.safeParse(arn).success).toBe(true);
  });

  test.each([
    "https://issuer.example/webhooks",
    "arn:aws:sqs:eu-west-1:111122223333:audits/../other",
    "arn:aws:sqs:eu-west-1:111122223333:audits:other",
    "arn:aws:sqs:eu-west-1:111122223333:*",
    "arn:aws:sqs:eu-west-1:111122223333:",
    `arn:aws:sqs:eu-west-1:111122223333:${"a".repeat(81)}`,
    "arn:aws:sqs:*:111122223333:audits",
    "arn:aws:sqs:eu-west-1::audits",
    "arn:aws:sqs:eu-west-1:11112222333:audits",
    "arn:aws:sqs:eu-west-1.evil.example/:111122223333:audits",
    "arn:aws:sns:eu-west-1:111122223333:audits",
    "arn:aws:events:eu-west-1:111122223333:rule/audits",
    "arn:aws:events:eu-west-1:111122223333:event-bus/aws.partner/a",
    "arn:evil:sqs:eu-west-1:111122223333:audits",
    `${queue}\n`,
    ` ${queue}`,
    queue.toUpperCase(),
  ])("%j is none of a target", (arn) => {
    expect(readTarget(arn)).toBeUndefined();
    expect(targetArn.safeParse(arn).success).toBe(false);
  });
});

describe("an issuer", () => {
  const allowed = {
    ...{ partition: "aws", region: "eu-west-1", account: "999999999999" },
    accountsOf: { "bank-a": ["111122223333", "999999999999"], "bank-b": ["444455556666"] },
  };
  const errorFor = (organizationId: string, arn: string) => {
    const target = readTarget(arn);
    if (target === undefined) throw new Error(`${arn} is no target`);
    return targetError(organizationId, target, allowed);
  };

  test.each([queue, bus])("may have %s in an account that is listed for it", (arn) => {
    expect(errorFor("bank-a", arn)).toBeUndefined();
  });

  test.each([
    ["bank-b", queue, /lists for the issuer/],
    ["bank-c", queue, /lists no AWS account/],
    ["constructor", queue, /lists no AWS account/],
    ["__proto__", queue, /lists no AWS account/],
    ["bank-a", queue.replace("111122223333", "444455556666"), /lists for the issuer/],
    ["bank-a", queue.replace("111122223333", "999999999999"), /account of this deployment/],
    ["bank-a", queue.replace("eu-west-1", "us-east-1"), /in the region of this deployment, eu-west-1/],
    ["bank-a", queue.replace("arn:aws:", "arn:aws-cn:"), /in the region of this deployment/],
  ])("%s may not have %s", (organizationId, arn, reason) => {
    expect(errorFor(organizationId, arn)).toMatch(reason);
  });
});
