// A bank's account: its own network and KMS key, everything encrypted with it, and consumers in another account.
import { App, Stack } from "aws-cdk-lib";
import { SecurityGroup, Vpc } from "aws-cdk-lib/aws-ec2";
import { AccountPrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { AuditTracker } from "kard-audit-tracker";

const stack = new Stack(new App(), "Ledger", { terminationProtection: true });
const vpc = Vpc.fromVpcAttributes(stack, "Vpc", {
  vpcId: "vpc-0123456789abcdef0",
  availabilityZones: ["eu-west-1a", "eu-west-1b"],
  privateSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
});

const tracker = new AuditTracker(stack, "Audits", {
  kardTokenUrl: "https://YOUR-CLIENT.getkard.com/v2/auth/token",
  network: { vpc, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, "Egress", "sg-0123456789abcdef0")] },
  privateWebhookTargets: ["*.corp.example.com", "10.20.0.0/16"],
  encryptionKey: new Key(stack, "Key", { enableKeyRotation: true }),
  encryptAll: true,
  logRetention: RetentionDays.ONE_YEAR,
  apiConcurrency: 100,
  resolutionsConsumers: [new AccountPrincipal("111122223333")],
  runbookUrl: "https://wiki.example.com/kard-audit-tracker",
});
tracker.addOutputs();
