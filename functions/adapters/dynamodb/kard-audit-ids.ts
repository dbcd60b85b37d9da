import * as z from "zod";
import type { AuditKey } from "../../core/audits/audit.ts";
import type { KardAuditIds } from "../../core/audits/ports.ts";
import { readItems } from "./table/batches.ts";
import { deleteRow, getRow, updateRow } from "./table/rows.ts";
import { fromItem, key, type RowKey, type Table } from "./table/table.ts";

const row = z.object({ organizationId: z.string(), auditId: z.string() });

/** An id that is claimed again is not to expire with what had it before. */
const setOwner = "SET organizationId = :organizationId, auditId = :auditId REMOVE expiresAt";
const isOwn = "organizationId = :organizationId AND auditId = :auditId";
const isFreeOrOwn = "attribute_not_exists(pk) OR (organizationId = :organizationId AND auditId = :auditId)";

/**
 * The base key of the row that maps a Kard id to its audit. Kard's ids are unique over all issuers. Kard may find an
 * audit by its id in upper and lower case, so both are the same id.
 */
export function kardAuditIdKey(kardAuditId: string): RowKey {
  return { pk: key("KARDAUDIT", kardAuditId.toLowerCase()), sk: "OWNER" };
}

/** Maps Kard's audit ids to audits: one row per id, written once. */
export function dynamoKardAuditIds(table: Table): KardAuditIds {
  const find = async (kardAuditId: string): Promise<AuditKey | undefined> => {
    const item = await getRow(table, kardAuditIdKey(kardAuditId));
    return item === undefined ? undefined : fromItem(row, item);
  };

  return {
    find,

    async claim(kardAuditId, { organizationId, auditId }) {
      const guard = { condition: isFreeOrOwn, values: ownerValues({ organizationId, auditId }) };
      // A second read is needed: dynalite does not return the existing item when a condition fails.
      if ((await updateRow(table, kardAuditIdKey(kardAuditId), setOwner, guard)) === "done")
        return { organizationId, auditId };
      const owner = await find(kardAuditId);
      if (owner === undefined) throw new Error("the owner of a Kard id cannot be read");
      return owner;
    },
  };
}

/** The audits of Kard ids, in no order. Ids without an audit are left out. */
export async function findAllKardAudits(table: Table, kardAuditIds: readonly string[]): Promise<AuditKey[]> {
  const items = await readItems(table, kardAuditIds.map(kardAuditIdKey), { consistently: true });
  return items.map((item) => fromItem(row, item));
}

/** Lets the row of a Kard id expire with its audit (epoch seconds), unless it belongs to another audit. */
export async function expireKardAuditId(
  table: Table,
  audit: AuditKey & { kardAuditId: string },
  expiresAt: number,
): Promise<void> {
  const values = { ...ownerValues(audit), ":expiresAt": expiresAt };
  await updateRow(table, kardAuditIdKey(audit.kardAuditId), "SET expiresAt = :expiresAt", { condition: isOwn, values });
}

/** Deletes the row of a Kard id if it belongs to the audit. Returns the number of deleted rows. */
export async function removeKardAuditId(table: Table, audit: AuditKey & { kardAuditId: string }): Promise<number> {
  const guard = { condition: isOwn, values: ownerValues(audit) };
  return (await deleteRow(table, kardAuditIdKey(audit.kardAuditId), guard)) === "done" ? 1 : 0;
}

function ownerValues({ organizationId, auditId }: AuditKey) {
  return { ":organizationId": organizationId, ":auditId": auditId };
}
