// Puts a restored table (docs/disaster-recovery.md) into service, with its former key and secret.
import { App, Stack } from "aws-cdk-lib";
import { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Key } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { AuditTracker } from "kard-audit-tracker";

const stack = new Stack(new App(), "Ledger", { terminationProtection: true });
const account = "111122223333";
const tracker = new AuditTracker(stack, "Audits", {
  kardTokenUrl: "https://YOUR-CLIENT.getkard.com/v2/auth/token",
  existingTable: TableV2.fromTableName(stack, "Table", "Ledger-restored"),
  encryptionKey: Key.fromKeyArn(
    stack,
    "Key",
    `arn:aws:kms:eu-west-1:${account}:key/01234567-89ab-cdef-0123-456789abcdef`,
  ),
  existingSecret: Secret.fromSecretCompleteArn(
    stack,
    "Secret",
    `arn:aws:secretsmanager:eu-west-1:${account}:secret:AuditsKardSecret-AbCdEf`,
  ),
});
tracker.addOutputs();
