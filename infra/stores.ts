import type { IKey } from "aws-cdk-lib/aws-kms";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { RemovalPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { Config } from "./config/config.ts";
import { AuditTable, createAuditTable } from "./constructs/audit-table.ts";
import { allowLogsToUse, DataKey } from "./constructs/data-key.ts";
import { KardSecret } from "./constructs/kard-secret.ts";
import type { AuditTrackerProps } from "./props/audit-tracker-props.ts";

/**
 * Removal policies. If the first deployment rolls back, CloudFormation deletes what it created, except for the data: it
 * cannot delete a protected table, and the table's key must not be deleted first.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
const removalPolicies = {
  retain: { ofData: RemovalPolicy.RETAIN, ofOthers: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
  destroy: { ofData: RemovalPolicy.DESTROY, ofOthers: RemovalPolicy.DESTROY },
} as const;

interface Stores {
  dataKey: IKey;
  table: AuditTable;
  kardSecret: ISecret;
  /** Removal policy of all other resources that can outlive the stack. */
  removalPolicy: RemovalPolicy;
}

/** The key, the table and the secret: the given ones, or new ones. */
export function createStores(
  scope: Construct,
  config: Pick<Config, "encryptAll" | "removalPolicy">,
  given: Pick<AuditTrackerProps, "encryptionKey" | "existingTable" | "existingSecret">,
): Stores {
  const { ofData, ofOthers: removalPolicy } = removalPolicies[config.removalPolicy];
  const dataKey = given.encryptionKey ?? new DataKey(scope, "DataKey", { removalPolicy: ofData });
  if (config.encryptAll) allowLogsToUse(dataKey);
  const table = given.existingTable ?? createAuditTable(scope, "Table", { key: dataKey, removalPolicy: ofData });
  const secret =
    given.existingSecret ?? (new KardSecret(scope, "KardSecret", { key: dataKey, removalPolicy }) as ISecret);
  return { dataKey, table: new AuditTable(table), kardSecret: secret, removalPolicy };
}
