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

/** What lists of audits are filtered by. A change of one is a write to each index that projects it. */
const listFilters = [
  "status",
  "submission",
  "userId",
  "auditCode",
  "merchantName",
  "resolutionCode",
  "fulfilment",
  "dueAt",
  "overdueAt",
];

/** What figures sum up. It never changes, so it costs no writes. */
const amount = ["amountInCents", "currency"];

/** The indexes. All are sparse: an item is in an index only while it has the index's two attributes. */
const indexes = {
  lanes: {
    partitionKey: text("lane"),
    sortKey: time("laneAt"),
    // `dueAt` never changes either.
    ...including("kardAuditId", "status", "listedAt", "dueAt", ...amount),
  },
  outbox: { partitionKey: text("outbox"), sortKey: time("outboxAt"), ...keysOnly },
  byIssuer: {
    partitionKey: text("issuer"),
    sortKey: time("listedAt"),
    ...including("subscriptionId", "settledAt", ...amount, ...listFilters),
  },
  bySettlement: {
    partitionKey: text("issuer"),
    sortKey: time("settledAt"),
    ...including("listedAt", "transaction", "issuerReference", ...amount, ...listFilters),
  },
  byTransaction: { partitionKey: text("transaction"), sortKey: time("listedAt"), ...keysOnly },
  byReference: { partitionKey: text("issuerReference"), sortKey: time("listedAt"), ...keysOnly },
};

/** The indexes by name. */
export const indexNames = Object.keys(indexes);

/** The partition keys of each kind of item. Functions get access to the kinds that they need. */
const partitionKeys = {
  /** Audits and their notifications. */
  audits: "AUDIT#*",
  /** The audit of each Kard id. */
  kardAuditIds: "KARDAUDIT#*",
  /** Pending adoptions. */
  adoptions: "ADOPTION#*",
  /** Subscriptions, by issuer. */
  subscriptions: "ISSUER#*",
  /** The figures of issuers: of days, and of open audits. */
  stats: "STATS#*",
  /** The feeds of events, by issuer. */
  events: "EVENTS#*",
  apiKeys: "APIKEYS",
  /** Request counts of callers. */
  requestCounts: "REQUESTS#*",
  /** Next free slot for interactive calls by a Kard credential. */
  callSchedules: "KARDRATE#*",
  /** Next free slot for attempts to a subscription with a maximum rate. */
  endpointRates: "ENDPOINTRATE#*",
  /** The directory of issuers. */
  issuers: "ISSUERS",
  /** The pollers' leases and cursors. */
  polls: "POLL",
};

type ItemKind = keyof typeof partitionKeys;
type ItemAction = "GetItem" | "BatchGetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "BatchWriteItem" | "Query";

/** Creates the table: audits and their notifications, subscriptions, API keys and poll cursors. */
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
  // TableV2 accepts a customer managed key only in a stack with a fixed region ("cannot be rendered in a region
  // agnostic stack"). So the key is set by an override. The one replica is the table itself.
  const resource = table.node.findChild("Resource") as CfnGlobalTable;
  resource.addPropertyOverride("Replicas.0.SSESpecification", { KMSMasterKeyId: props.key.keyArn });
  return table as ITableV2;
}

/** The table and the policy statements for its items. */
export class AuditTable {
  readonly table: ITableV2;

  constructor(table: ITableV2) {
    this.table = table;
  }

  get tableName(): string {
    return this.table.tableName;
  }

  /** Allows actions on items of these kinds only. */
  allowItems(kinds: readonly ItemKind[], ...actions: ItemAction[]): PolicyStatement {
    return new PolicyStatement({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [this.table.tableArn],
      conditions: {
        "ForAllValues:StringLike": { "dynamodb:LeadingKeys": kinds.map((kind) => partitionKeys[kind]) },
        // `ForAllValues` is true for a call without keys. `Null` denies such calls.
        Null: { "dynamodb:LeadingKeys": "false" },
      },
    });
  }

  /** Allows Query on indexes. */
  allowIndexes(...names: (keyof typeof indexes)[]): PolicyStatement {
    return new PolicyStatement({
      actions: ["dynamodb:Query"],
      resources: names.map((name) => `${this.table.tableArn}/index/${name}`),
    });
  }
}
