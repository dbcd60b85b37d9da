import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import type { SandboxAudit } from "./audits.ts";

const notificationRow = z.object({
  number: z.number(),
  id: z.string(),
  organizationId: z.string(),
  subscriptionId: z.string(),
  eventName: z.string(),
  body: z.string(),
  status: z.enum(["pending", "delivered", "delivery_failed"]),
  attempts: z.number(),
  createdAt: z.number(),
  lastAttemptAt: z.number(),
  statusCode: z.number().nullable(),
  errorMessage: z.string().nullable(),
});
export type SandboxNotification = z.infer<typeof notificationRow>;

export interface Attempt {
  status: SandboxNotification["status"];
  statusCode: number | null;
  errorMessage: string | null;
}

export type SandboxNotifications = ReturnType<typeof createNotifications>;

/** Stores Kard's notifications and their delivery attempts. */
export function createNotifications(database: DatabaseSync, now: () => number) {
  const insert = database.prepare(`
    INSERT INTO notifications
      (id, organizationId, subscriptionId, eventName, body, status, attempts, createdAt, lastAttemptAt)
    VALUES (?, ?, ?, ?, ?, 'pending', 0, ?, ?)`);
  const select = database.prepare("SELECT * FROM notifications WHERE id = ?");
  const selectAll = database.prepare("SELECT * FROM notifications WHERE organizationId = ? ORDER BY number DESC");
  const selectPending = database.prepare("SELECT * FROM notifications WHERE status = 'pending'");
  const update = database.prepare(`
    UPDATE notifications SET status = ?, statusCode = ?, errorMessage = ?, attempts = attempts + 1, lastAttemptAt = ?
    WHERE id = ?`);
  const redirect = database.prepare("UPDATE notifications SET subscriptionId = ?, status = 'pending' WHERE id = ?");

  return {
    find(id: string): SandboxNotification | undefined {
      const row = select.get(id);
      return row && notificationRow.parse(row);
    },
    /** Most recent first. */
    list: (organizationId: string) => selectAll.all(organizationId).map((row) => notificationRow.parse(row)),
    pendingIds: () => selectPending.all().map((row) => notificationRow.parse(row).id),

    add(subscriptionId: string, audit: SandboxAudit): string {
      const id = randomUUID();
      const body = JSON.stringify(auditUpdate(id, audit));
      insert.run(id, audit.organizationId, subscriptionId, "auditUpdate", body, now(), now());
      return id;
    },
    recordAttempt(id: string, { status, statusCode, errorMessage }: Attempt) {
      update.run(status, statusCode, errorMessage, now(), id);
    },
    sendAgain(id: string, subscriptionId: string) {
      redirect.run(subscriptionId, id);
    },
  };
}

/** The body of Kard's "Notification Webhook" for an `auditUpdate`. */
function auditUpdate(id: string, audit: SandboxAudit) {
  const { auditCode, merchantName, auditDescription, transactionId } = audit.request;
  const { resolutionCode, resolutionDescription, closedAt } = audit;
  return {
    data: {
      type: "auditUpdate",
      id,
      attributes: {
        ...{ status: audit.status, auditCode, merchantName, auditDescription, transactionId },
        ...(closedAt !== null && {
          ...(resolutionCode !== null && { resolutionCode }),
          ...(resolutionDescription !== null && { resolutionDescription }),
          resolutionTimeStamp: new Date(closedAt).toISOString(),
        }),
      },
      relationships: {
        user: { data: { type: "user", id: audit.userId } },
        audit: { data: { type: "audit", id: audit.id } },
      },
    },
    meta: { issuerId: audit.organizationId, issuerName: audit.request.issuer ?? audit.organizationId },
  };
}
