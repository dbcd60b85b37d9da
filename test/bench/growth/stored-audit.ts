import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { auditRow } from "../../../functions/adapters/dynamodb/audit-row.ts";
import { kardAuditIdKey } from "../../../functions/adapters/dynamodb/kard-audit-ids.ts";
import { toItem } from "../../../functions/adapters/dynamodb/table/table.ts";
import type { Audit } from "../../../functions/core/audits/audit.ts";
import { changeAudit } from "../../../functions/core/audits/change-audit.ts";
import { kardIdOf } from "../polling/seed-audits.ts";

const day = 86_400_000;
const closedAfterMs = 3 * day;
/** One of ten audits is open. */
const openEach = 10;
/** Open audits are this old. They are polled daily then, and none is due for the next six hours. */
const openAges = { from: 8 * day, days: 60 };
/** The other audits were created within this many days. */
const storedDays = 365;

export const isOpen = (number: number) => number % openEach === 0;
export const auditIdOf = (number: number) => `audit-${number}`;

/** The rows of an audit that was stored earlier: the audit as the product writes it, and the owner of its Kard id. */
export function rowsOfStoredAudit(
  organizationId: string,
  number: number,
  now: number,
): Record<string, AttributeValue>[] {
  const createdAt = isOpen(number) ? openSince(number, now) : now - closedAfterMs - spreadOver(number, storedDays);
  const kardAuditId = kardIdOf(number);
  const open: Audit = {
    ...{ organizationId, auditId: auditIdOf(number), userId: `user-${number % 10_000}` },
    request: {
      ...{ transactionId: `txn-${number}`, auditCode: 3001 + (number % 8), merchantName: `Merchant ${number % 500}` },
      ...{ auditDescription: "cashback never posted", transactionAmountInCents: 2_600, currency: "USD" },
    },
    ...{ status: "NEW", submission: "confirmed", submitAttempts: 1, kardAuditId, createdAt, acceptedAt: createdAt },
    ...{ dueAt: createdAt + 90 * day, sequence: 0, events: {}, lane: "OPEN", laneAt: createdAt },
  };
  const audit = isOpen(number) ? open : closed(open, createdAt + closedAfterMs);
  return [auditRow(audit), { ...kardAuditIdKey(kardAuditId), organizationId, auditId: audit.auditId }].map(toItem);
}

/** As it is once its event was published and delivered. */
function closed(open: Audit, at: number): Audit {
  const resolution = { resolutionCode: 5004, resolutionDescription: "Resolved", resolutionTimeStamp: null };
  const changed = changeAudit(open, "close", { resolution }, at);
  if (changed === undefined) throw new Error("the audit cannot be closed");
  const { outboxAt: _outboxAt, ...published } = changed;
  const marks = { queuedAt: at, notifiedAt: at, publishedAt: at, feedAt: at };
  const events = Object.entries(changed.events).map(([sequence, event]) => [sequence, { ...event, ...marks }]);
  return { ...published, events: Object.fromEntries(events) };
}

/** In the middle of a day since its acceptance. */
function openSince(number: number, now: number): number {
  const place = Math.floor(number / openEach);
  const withinDay = (0.25 + ((place * 7_919) % 10_000) / 20_000) * day;
  return Math.floor(now - openAges.from - (place % openAges.days) * day - withinDay);
}

function spreadOver(number: number, days: number): number {
  return Math.floor((((number * 7_919) % 1_000_003) / 1_000_003) * days * day);
}
