import {
  AttributeType,
  Billing,
  type CfnGlobalTable,
  type ITableV2,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { RemovalPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

const text = (name: string) => ({ name, type: AttributeType.STRING });
const time = (name: string) => ({ name, type: AttributeType.NUMBER });

const keysOnly = { projectionType: ProjectionType.KEYS_ONLY };
const including = (...nonKeyAttributes: string[]) => ({ projectionType: ProjectionType.INCLUDE, nonKeyAttributes });

/** The indexes, all sparse: an item is in one only while it carries the index's two attributes. */
const indexes = {
  lanes: { partitionKey: text("lane"), sortKey: time("laneAt"), ...including("kardAuditId", "status") },
  outbox: { partitionKey: text("outbox"), sortKey: time("outboxAt"), ...keysOnly },
  byIssuer: {
    partitionKey: text("issuer"),
    sortKey: time("listedAt"),
    ...including("status", "userId", "subscriptionId"),
  },
  byTransaction: { partitionKey: text("transaction"), sortKey: time("listedAt"), ...keysOnly },
};

/** The indexes by name. */
export const indexNames = Object.keys(indexes);

/** The partition keys of each kind of item: functions are let at the kinds that they have to do with. */
const partitionKeys = {
  /** Audits with all that was sent about them. */
  audits: "AUDIT#*",
  /** Which audit each of Kard's ids belongs to. */
  kardAuditIds: "KARDAUDIT#*",
  /** Adoptions that Kard could not be asked about yet. */
  adoptions: "ADOPTION#*",
  /** Subscriptions, by issuer. */
  subscriptions: "ISSUER#*",
  apiKeys: "APIKEYS",
  /** How many requests each caller has made. */
  requestCounts: "REQUESTS#*",
  /** When the next interactive call by a Kard credential may start. */
  callSchedules: "KARDRATE#*",
  /** The directory of issuers. */
  issuers: "ISSUERS",
  /** The pollers' leases and cursors. */
  polls: "POLL",
  /** Kard's pushes that are set up. */
};

type ItemKind = keyof typeof partitionKeys;
type ItemAction = "GetItem" | "BatchGetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "BatchWriteItem" | "Query";

/** Makes the one table: audits with everything sent about them, subscriptions, API keys and the poll cursors. */
export function createAuditTable(
  scope: Construct,
  id: string,
  props: { key: IKey; removalPolicy: RemovalPolicy },
): ITableV2 {
  const table = new TableV2(scope, id, {
    partitionKey: text("pk"),
    sortKey: text("sk"),
    globalSecondaryIndexes: Object.entries(indexes).map(([indexName, index]) => ({ indexName, ...index })),
    billing: Billing.onDemand(),
    encryption: TableEncryptionV2.awsManagedKey(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: "expiresAt",
    deletionProtection: props.removalPolicy === RemovalPolicy.RETAIN,
    removalPolicy: props.removalPolicy,
  });
  // TableV2 takes a customer-managed key only in a stack with a fixed region ("cannot be rendered in a region agnostic
  // stack"), so the key is put beside it; the one replica is the table itself.
  const resource = table.node.findChild("Resource") as CfnGlobalTable;
  resource.addPropertyOverride("Replicas.0.SSESpecification", { KMSMasterKeyId: props.key.keyArn });
  return table as ITableV2;
}

/** The table, made here or before, and what functions may do with its items. */
export class AuditTable {
  readonly table: ITableV2;

  constructor(table: ITableV2) {
    this.table = table;
  }

  get tableName(): string {
    return this.table.tableName;
  }

  /** Lets a function do so to items of these kinds, and to no other. */
  allowItems(kinds: readonly ItemKind[], ...actions: ItemAction[]): PolicyStatement {
    return new PolicyStatement({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [this.table.tableArn],
      conditions: {
        "ForAllValues:StringLike": { "dynamodb:LeadingKeys": kinds.map((kind) => partitionKeys[kind]) },
        // For all of none is true: a call that names no key is none of these.
        Null: { "dynamodb:LeadingKeys": "false" },
      },
    });
  }

  /** Lets a function Query the named indexes. */
  allowIndexes(...names: (keyof typeof indexes)[]): PolicyStatement {
    return new PolicyStatement({
      actions: ["dynamodb:Query"],
      resources: names.map((name) => `${this.table.tableArn}/index/${name}`),
    });
  }
}
