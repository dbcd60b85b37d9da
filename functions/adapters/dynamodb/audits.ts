import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { Audit, AuditKey } from "../../core/audits/audit.ts";
import { auditExpiry } from "../../core/audits/audit-expiry.ts";
import type { AuditStore } from "../../core/audits/ports.ts";
import { auditKey, auditOf, auditRow } from "./audit-row.ts";
import { auditUpdate } from "./audit-update.ts";
import { addedOnce, dynamoIssuers } from "./issuers.ts";
import { expireKardAuditId } from "./kard-audit-ids.ts";
import { readItems } from "./table/batches.ts";
import { getRow, putRow } from "./table/rows.ts";
import { conditionally, type Table } from "./table/table.ts";

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
      const put = await putRow(table, auditRow(audit, retention), { condition: "attribute_not_exists(pk)" });
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
        client.send(new UpdateItemCommand(auditUpdate({ tableName, retention }, before, after, guards))),
      );
    },
  };
}
