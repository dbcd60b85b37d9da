import { describe, expect, test } from "@jest/globals";
import { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Vpc } from "aws-cdk-lib/aws-ec2";
import { Key } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { embedded } from "../support/embedded-tracker.ts";
import { resourcesOf } from "../support/synthesize.ts";

describe("an existing table, key and secret", () => {
  const keyArn = "arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef";
  const { template, tracker, stack } = embedded((scope) => ({
    existingTable: TableV2.fromTableName(scope, "T", "restored"),
    encryptionKey: Key.fromKeyArn(scope, "K", keyArn),
    existingSecret: Secret.fromSecretCompleteArn(
      scope,
      "S",
      "arn:aws:secretsmanager:eu-west-1:111122223333:secret:kard-AbCdEf",
    ),
  }));

  test("are used instead of new ones", () => {
    for (const type of ["DynamoDB::GlobalTable", "KMS::Key", "SecretsManager::Secret"]) {
      template.resourceCountIs(`AWS::${type}`, 0);
    }
    expect(tracker.table.tableName).toBe("restored");
    template.allResourcesProperties("AWS::SQS::Queue", { KmsMasterKeyId: keyArn });
    const names = resourcesOf(template, "AWS::Lambda::Function").map(
      ([, { Environment }]) => (Environment as { Variables: { TABLE_NAME: string } }).Variables.TABLE_NAME,
    );
    expect(names).toEqual(Array(6).fill("restored"));
  });

  test("are in the functions' permissions", () => {
    const policies = JSON.stringify(template.findResources("AWS::IAM::Policy"));
    expect(policies).toContain(":table/restored");
    expect(policies).toContain(":table/restored/index/lanes");
    expect(policies).toContain(keyArn);
    expect(policies).toContain("secret:kard-AbCdEf");
    expect(stack.resolve(tracker.dataKey.keyArn)).toBe(keyArn);
  });
});

describe("an existing network", () => {
  const { template } = embedded((stack) => ({
    network: {
      vpc: Vpc.fromVpcAttributes(stack, "Vpc", {
        vpcId: "vpc-0123456789abcdef0",
        availabilityZones: ["a", "b"],
        privateSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      }),
    },
  }));

  test("contains all functions, in private subnets, with a security group without ingress", () => {
    const placed = resourcesOf(template, "AWS::Lambda::Function").map(([, { VpcConfig }]) => VpcConfig);
    expect(placed).toEqual(
      Array(6).fill(expect.objectContaining({ SubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"] })),
    );
    const [[, group] = ["", {}], ...others] = resourcesOf(template, "AWS::EC2::SecurityGroup");
    expect(others).toEqual([]);
    expect(group).not.toHaveProperty("SecurityGroupIngress");
    template.resourceCountIs("AWS::EC2::VPC", 0);
  });

  test("can be changed by Lambda, but not by the functions' code", () => {
    const statements = resourcesOf(template, "AWS::IAM::Policy").flatMap(
      ([, { PolicyDocument }]) =>
        (PolicyDocument as { Statement: { Effect: string; Action: string | string[]; Condition?: object }[] })
          .Statement,
    );
    const onInterfaces = statements.filter(({ Action }) => [Action].flat().includes("ec2:CreateNetworkInterface"));
    expect(onInterfaces.filter(({ Effect }) => Effect === "Allow")).toHaveLength(6);
    const denied = onInterfaces.filter(({ Effect }) => Effect === "Deny");
    expect(denied).toHaveLength(6);
    for (const { Condition } of denied) expect(Condition).toEqual({ Null: { "lambda:SourceFunctionArn": "false" } });
  });
});
