import { randomBytes, randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { legacyAttributes } from "../http/requests.ts";

const storedRequest = legacyAttributes.partial({ preferredContactEmail: true, issuer: true });
const idRow = z.object({ id: z.string() });
const nullableNumber = z.number().nullable();
const auditRow = z.object({
  number: z.number(),
  id: z.string(),
  organizationId: z.string(),
  userId: z.string(),
  request: z.string().transform((text) => storedRequest.parse(JSON.parse(text))),
  status: z.enum(["NEW", "IN_PROGRESS", "CLOSED"]),
  resolutionCode: nullableNumber,
  resolutionDescription: z.string().nullable(),
  createdAt: z.number(),
  startedAt: nullableNumber,
  closedAt: nullableNumber,
  createCalls: z.number(),
});

/** An audit of the sandbox. Times are milliseconds since the epoch. */
export type SandboxAudit = z.infer<typeof auditRow>;

export interface SandboxResolution {
  resolutionCode?: number | undefined;
  resolutionDescription?: string | undefined;
}

interface NewAudit {
  organizationId: string;
  userId: string;
  request: SandboxAudit["request"];
  /** v2 audits have UUIDs; legacy audits have MongoDB ids (the examples in Kard's reference). */
  idKind: "uuid" | "object-id";
}

/** Resolutions of Kard's reference, "Get Audit Status". Audits closed without a resolution take them in turn. */
const resolutions = new Map([
  [5001, "Transaction will be deleted"],
  [5002, "Settlement amount will be adjusted"],
  [5003, "Return amount will be adjusted"],
  [5004, "Reward dispute resolved"],
  [5005, "Transaction will be marked for writeoff"],
  [5006, "Transaction will be marked as rejected"],
  [5007, "Transaction will be resent through webhook"],
  [5008, "Transaction will be resent through daily file"],
  [5009, "No change needed"],
  [9001, "Ineligible item in purchase"],
  [9002, "Return was made"],
  [9003, "User ineligible for offer"],
  [9004, "Redemption limit hit"],
  [9005, "Transaction not captured"],
]);
const resolutionCodes = [...resolutions.keys()];

export type SandboxAudits = ReturnType<typeof createAudits>;

/** Stores Kard's audits. `onChange` receives every change of status. */
export function createAudits(database: DatabaseSync, now: () => number, onChange: (audit: SandboxAudit) => void) {
  const insert = database.prepare(`
    INSERT INTO audits (id, identity, organizationId, userId, request, status, createdAt, createCalls)
    VALUES (?, ?, ?, ?, ?, 'NEW', ?, 1) ON CONFLICT (identity) DO UPDATE SET createCalls = createCalls + 1
    RETURNING id`);
  const select = database.prepare("SELECT * FROM audits WHERE id = ?");
  const selectAll = database.prepare("SELECT * FROM audits ORDER BY number");
  const selectDue = database.prepare("SELECT id FROM audits WHERE status = ? AND createdAt <= ? ORDER BY number");
  const start = database.prepare(
    "UPDATE audits SET status = 'IN_PROGRESS', startedAt = ? WHERE id = ? AND status = 'NEW'",
  );
  const close = database.prepare(`
    UPDATE audits SET status = 'CLOSED', closedAt = ?, resolutionCode = ?, resolutionDescription = ?
    WHERE id = ? AND status != 'CLOSED'`);

  function find(id: string): SandboxAudit | undefined {
    const row = select.get(id);
    return row && auditRow.parse(row);
  }

  function changed(id: string, changes: number | bigint): SandboxAudit | undefined {
    const audit = changes > 0 ? find(id) : undefined;
    if (audit) onChange(audit);
    return audit;
  }

  return {
    find,
    list: () => selectAll.all().map((row) => auditRow.parse(row)),
    dueIds: (status: "NEW" | "IN_PROGRESS", madeUntil: number) =>
      selectDue.all(status, madeUntil).map((row) => idRow.parse(row).id),

    /** Creates an audit, or finds the existing one with the same contents. */
    create({ organizationId, userId, request, idKind }: NewAudit): { made: boolean; id: string } {
      const { transactionId, auditCode, merchantName, auditDescription } = request;
      const identity = [organizationId, userId, transactionId, auditCode, merchantName, auditDescription];
      const newId = idKind === "uuid" ? randomUUID() : randomBytes(12).toString("hex");
      const row = insert.get(newId, JSON.stringify(identity), organizationId, userId, JSON.stringify(request), now());
      const { id } = idRow.parse(row);
      return { made: id === newId, id };
    },

    /** NEW → IN_PROGRESS; undefined if there is no such audit or it is not NEW. */
    start: (id: string) => changed(id, start.run(now(), id).changes),

    /** → CLOSED, with the given resolution or the next in turn; undefined if the audit is missing or CLOSED. */
    close(id: string, given: SandboxResolution = {}): SandboxAudit | undefined {
      const inTurn = resolutionCodes[(find(id)?.number ?? 0) % resolutionCodes.length] ?? null;
      const code = given.resolutionCode ?? inTurn;
      const description = given.resolutionDescription ?? resolutions.get(code ?? 0) ?? null;
      return changed(id, close.run(now(), code, description, id).changes);
    },
  };
}
