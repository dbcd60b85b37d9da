import { isDeepStrictEqual } from "node:util";
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { type Audit, type AuditKey, audit as auditSchema } from "../../core/audits/audit.ts";
import { auditExpiry } from "../../core/audits/audit-expiry.ts";
import type { AuditGuard, AuditStore } from "../../core/audits/ports.ts";
import { shardOf } from "../../core/shared/lanes.ts";
import type { Retention } from "../../core/shared/retention.ts";
import { readItems } from "./batches.ts";
import { addedOnce, dynamoIssuers } from "./issuers.ts";
import { expireKardAuditId } from "./kard-audit-ids.ts";
import { lanePartition, outboxPartition } from "./lane-partitions.ts";
import { getRow, putRow } from "./rows.ts";
import {
  conditionally,
  expiring,
  fromItem,
  type Item,
  key,
  partsOf,
  type RowKey,
  type Table,
  toItem,
} from "./table.ts";

export function auditKey({ organizationId, auditId }: AuditKey): RowKey {
  return { pk: key("AUDIT", organizationId, auditId), sk: "AUDIT" };
}

export function auditKeyOfRow(pk: string): AuditKey {
  const [, organizationId = "", auditId = ""] = partsOf(pk);
  return { organizationId, auditId };
}

/** An audit as a row: its attributes, its keys, and the keys of its lane, outbox and list indexes. */
function rowOf(audit: Audit, retention: Retention = {}): Record<string, unknown> {
  const { lane, ...attributes } = audit;
  const shard = shardOf(audit.auditId);
  return {
    ...auditKey(audit),
    ...attributes,
    ...(lane === undefined ? {} : { lane: lanePartition(lane, audit.organizationId, shard) }),
    ...(audit.outboxAt === undefined ? {} : { outbox: outboxPartition(audit.organizationId, shard) }),
    issuer: key(audit.organizationId),
    listedAt: audit.createdAt,
    transaction: key(audit.organizationId, audit.request.transactionId),
    ...listed(audit),
    ...expiring(auditExpiry(audit, retention)),
  };
}

/** The index partition of the audits with one of an issuer's references. */
export function referencePartition(organizationId: string, reference: string): string {
  return key(organizationId, reference);
}

/** What lists filter by. An index projects whole attributes only, so parts of others are copied. */
function listed({ organizationId, request, resolution, reference }: Audit): Record<string, unknown> {
  const { auditCode, merchantName } = request;
  const code = resolution?.resolutionCode;
  return {
    auditCode,
    merchantName,
    ...(code == null ? {} : { resolutionCode: code }),
    ...(reference === undefined ? {} : { issuerReference: referencePartition(organizationId, reference) }),
  };
}

/** Parses a row. Its lane is stored with issuer and shard, as in `OPEN#bank-a#3`. */
export function auditOf(item: Item): Audit {
  const lane = item.lane?.S?.split("#")[0];
  return fromItem(auditSchema, lane === undefined ? item : { ...item, lane: { S: lane } });
}

/** Audits in the table. Each guard becomes a condition: the field must still have the value that was read. */
export function dynamoAudits(table: Table): AuditStore {
  const { client, tableName, retention } = table;
  const addIssuer = addedOnce(dynamoIssuers(table));
  const get = async (of: AuditKey): Promise<Audit | undefined> => {
    const item = await getRow(table, auditKey(of));
    return item === undefined ? undefined : auditOf(item);
  };

  return {
    get,

    async getAll(keys) {
      return (await readItems(table, keys.map(auditKey), { consistently: true })).map(auditOf);
    },

    async create(audit) {
      // An issuer that is not in the directory is not polled.
      await addIssuer(audit.organizationId);
      const put = await putRow(table, rowOf(audit, retention), { condition: "attribute_not_exists(pk)" });
      if (put === "done") return { outcome: "created" };
      const existing = await get(audit);
      if (existing === undefined) throw new Error("an existing audit cannot be read");
      return { outcome: "exists", existing };
    },

    async update(before, after, guards) {
      const { kardAuditId } = after;
      const expiresAt = auditExpiry(after, retention ?? {});
      if (expiresAt !== undefined && kardAuditId !== undefined && auditExpiry(before, retention ?? {}) === undefined) {
        // Before the audit's own expiry: an interruption in between is repaired by the next update.
        await expireKardAuditId(table, { ...after, kardAuditId }, expiresAt);
      }
      return conditionally(
        client.send(new UpdateItemCommand(updateOf({ tableName, retention }, before, after, guards))),
      );
    },
  };
}

function updateOf(
  { tableName, retention }: Pick<Table, "tableName"> & { retention: Retention | undefined },
  before: Audit,
  after: Audit,
  guards: readonly AuditGuard[],
) {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const placeholder = (path: readonly string[]) =>
    path
      .map((name) => {
        names[`#${name}`] = name;
        return `#${name}`;
      })
      .join(".");

  const sets: string[] = [];
  const removes: string[] = [];
  for (const { path, value } of differences(rowOf(before, retention), rowOf(after, retention))) {
    if (value === undefined) removes.push(placeholder(path));
    else {
      const name = `:${path.join("_")}`;
      values[name] = value;
      sets.push(`${placeholder(path)} = ${name}`);
    }
  }

  const conditions = ["attribute_exists(pk)"];
  for (const guard of guards) {
    const value = before[guard];
    if (value === undefined) conditions.push(`attribute_not_exists(${placeholder([guard])})`);
    else {
      values[`:seen_${guard}`] = value;
      conditions.push(`${placeholder([guard])} = :seen_${guard}`);
    }
  }

  const clauses = [
    ...(sets.length ? [`SET ${sets.join(", ")}`] : []),
    ...(removes.length ? [`REMOVE ${removes.join(", ")}`] : []),
  ];
  return {
    TableName: tableName,
    Key: toItem(auditKey(before)),
    ConditionExpression: conditions.join(" AND "),
    // DynamoDB refuses these if they are empty.
    ...(clauses.length === 0 ? {} : { UpdateExpression: clauses.join(" ") }),
    ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: toItem(values) }),
  };
}

/** Both parts of an index key are written together. Another update may have removed both since this one's read. */
const timeOf: Readonly<Record<string, string>> = { lane: "laneAt", outbox: "outboxAt" };

/** The attributes to write. Events are written one by one, so that one never overwrites another's marks. */
function differences(before: Record<string, unknown>, after: Record<string, unknown>, path: readonly string[] = []) {
  const found: { path: readonly string[]; value: unknown }[] = [];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, value] = [before[name], after[name]];
    const time = timeOf[name];
    const isKept = time === undefined || path.length > 0 || isDeepStrictEqual(before[time], after[time]);
    if (isKept && isDeepStrictEqual(old, value)) continue;
    if (name === "events" && path.length === 0) {
      found.push(...differences(old as Record<string, unknown>, value as Record<string, unknown>, [name]));
    } else found.push({ path: [...path, name], value });
  }
  return found;
}
