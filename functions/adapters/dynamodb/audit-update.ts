import type { Audit } from "../../core/audits/audit.ts";
import type { AuditGuard } from "../../core/audits/ports.ts";
import type { Retention } from "../../core/shared/retention.ts";
import { auditKey, auditRow } from "./audit-row.ts";
import { type Table, toItem } from "./table/table.ts";

// `process.getBuiltinModule` loads less than an import (docs/decisions/0007).
const { isDeepStrictEqual } = process.getBuiltinModule("node:util");

/** The update command for the differences between two versions of an audit, guarded by conditions. */
export function auditUpdate(
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
  for (const { path, value } of differences(auditRow(before, retention), auditRow(after, retention))) {
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
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
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
