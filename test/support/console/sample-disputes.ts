import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import type { Audit } from "../../../functions/core/audits/audit.ts";
import { changeAudit, eventKey } from "../../../functions/core/audits/change-audit.ts";
import type { Attempt } from "../../../functions/core/subscriptions/attempt.ts";
import { noon } from "../fake-clock.ts";
import { aNotification, aSubscription, openAudit, submittingAudit, waitingAudit } from "../sample-audits.ts";
import { seededRandom } from "../seeded-random.ts";
import { type ConsoleServer, organizationId } from "./console-server.ts";

const hour = 60 * 60_000;
const day = 24 * hour;
const codes = [5004, 5002, 9001, 5009, 5004, 9003, 5008, 5004, 9005, 5005];
const descriptions: Readonly<Record<number, string>> = {
  5002: "Settlement amount will be adjusted",
  5004: "Reward dispute resolved",
  5005: "Transaction will be marked for write-off",
  5008: "Transaction will be resent through daily file",
  5009: "No change needed",
  9001: "Ineligible item in purchase",
  9003: "User ineligible for offer",
  9005: "Transaction not captured",
};
const refusal = {
  status: 400,
  errors: [{ status: "400", title: "Bad Request Error", detail: "the transaction is unknown" }],
};

const rows = parse(readFileSync(join(import.meta.dirname, "../../../examples/disputes.csv")), {
  columns: true,
}) as Record<string, string>[];

const subscriptions = [
  aSubscription({
    ...{ organizationId, subscriptionId: "case-system", webhookUrl: "https://cases.meridian.example/kard" },
    ...{ eventNames: ["audit.in_progress", "audit.closed", "audit.rejected"], createdAt: noon - 90 * day },
    description: "Case management",
  }),
  aSubscription({
    ...{ organizationId, subscriptionId: "ledger", webhookUrl: "https://ledger.meridian.example/hooks/rewards" },
    ...{ eventNames: ["audit.closed"], createdAt: noon - 90 * day, failingSince: noon - 9 * hour },
    description: "Rewards ledger",
  }),
  aSubscription({
    ...{ organizationId, subscriptionId: "mailer", webhookUrl: "https://mail.meridian.example/customer-mails" },
    ...{ eventNames: ["audit.closed"], createdAt: noon - 60 * day, enabled: false },
    disabled: { at: noon - 2 * day, reason: "failing" },
    description: "Mails to customers",
  }),
];

/**
 * Fills a server with the disputes of the examples, in every state that support meets.
 *
 * @param only the rows of the examples to take. Default: all
 */
export async function fillWithDisputes({ world }: ConsoleServer, only?: readonly number[]): Promise<void> {
  const random = seededRandom(7);
  for (const each of subscriptions) await world.subscriptions.create(each);
  for (const [index, row] of rows.entries()) {
    const audit = auditOf(row, index, random());
    if (only?.includes(index) === false) continue;
    await world.audits.create(audit);
    if (audit.kardAuditId !== undefined) {
      await world.kardAuditIds.claim(audit.kardAuditId, audit);
      world.kard.audits.set(audit.kardAuditId, {
        ...{ kardAuditId: audit.kardAuditId, request: audit.request, status: "IN_PROGRESS" },
      });
    }
    if (audit.status === "CLOSED") await addNotifications(world, audit, index);
  }
}

function auditOf(row: Record<string, string>, index: number, chance: number): Audit {
  // Every fourth is young; the others are up to 100 days old.
  const createdAt = noon - Math.round(index % 4 === 0 ? chance * 5 * day : chance * chance * 100 * day) - 3 * hour;
  const request = {
    ...{ transactionId: row.transaction_id ?? "", auditCode: Number(row.audit_code) },
    ...{ merchantName: row.merchant_name ?? "", auditDescription: row.description ?? "" },
    ...{ transactionAmountInCents: Number(row.amount_cents), currency: "USD", submitterName: row.submitter ?? "" },
  };
  const fields = {
    ...{ organizationId, request, createdAt, acceptedAt: createdAt + 400, laneAt: createdAt },
    auditId: `7c1f6f2e-0000-4000-8000-${String(index).padStart(12, "0")}`,
    kardAuditId: `5f0c2a9e-1b7d-4c55-9a60-${String(index).padStart(12, "0")}`,
    reference: `CASE-${4_700 + index}`,
    dueAt: createdAt + 90 * day,
    ...(row.user_id === "" || row.user_id === undefined ? {} : { userId: row.user_id }),
    ...(index % 5 === 0 && { metadata: { queue: "vip", agent: row.submitter ?? "" } }),
  };
  const { kardAuditId: _, acceptedAt: __, ...unsent } = fields;
  if (index === 12) return submittingAudit({ ...unsent, leasedUntil: createdAt, laneAt: noon + hour });
  if (index === 20) return waitingAudit({ ...unsent, submission: "unsent", laneAt: noon + 60_000 });
  if (index === 25) return applied(waitingAudit(unsent), "reject", { refusal }, createdAt + 2_000);
  const open = openAudit(fields);
  const startedAt = Math.min(noon - hour, createdAt + (0.3 + chance) * 2 * day);
  const started = index % 4 === 1 ? open : applied(open, "start", {}, startedAt);
  if (noon - createdAt > 90 * day) return applied(started, "overdue", {}, createdAt + 90 * day);
  if (index % 3 !== 0) return started;
  const code = codes[index % codes.length] ?? 5004;
  const resolution = {
    resolutionCode: code,
    resolutionDescription: descriptions[code] ?? null,
    resolutionTimeStamp: null,
  };
  return published(
    applied(started, "close", { resolution }, Math.min(noon - 20 * 60_000, startedAt + chance * 20 * day)),
  );
}

type Change = typeof changeAudit;
const applied = ((audit, name, facts, now) => changeAudit(audit, name, facts, now) ?? audit) as (
  ...given: Parameters<Change>
) => Audit;

function published(audit: Audit): Audit {
  const key = eventKey(audit.sequence);
  const event = audit.events[key];
  if (event === undefined) return audit;
  return { ...audit, events: { ...audit.events, [key]: { ...event, publishedAt: event.at + 180 } } };
}

async function addNotifications(world: ConsoleServer["world"], audit: Audit, index: number): Promise<void> {
  const { auditId, sequence, settledAt: closedAt = noon } = audit;
  const of = { organizationId, auditId, sequence, createdAt: closedAt };
  const attempt = (afterMs: number, more: Partial<Attempt>): Attempt => ({ at: closedAt + afterMs, ms: 48, ...more });
  const add = (more: Parameters<typeof aNotification>[0]) =>
    world.notifications.put(aNotification({ ...of, ...more }), undefined);
  await add({
    subscriptionId: "case-system",
    status: "delivered",
    attempts: [attempt(320, { statusCode: 204, ms: 41 })],
  });
  if (closedAt > noon - 2 * day) {
    await add({ subscriptionId: "mailer", status: "held", attemptCount: 0, attempts: [], laneAt: noon });
  }
  const failures = [
    attempt(350, { statusCode: 503, ms: 912 }),
    attempt(6_000, { error: "no answer within 10 seconds", ms: 10_000 }),
    attempt(310_000, { statusCode: 500, ms: 133 }),
  ];
  const response = '{"error":"relation \\"rewards\\" is locked for maintenance"}';
  if (index % 2 === 0) {
    await add({ subscriptionId: "ledger", status: "delivery_failed", attemptCount: 3, attempts: failures, response });
  } else {
    const delivered = [...failures.slice(0, 1), attempt(6_200, { statusCode: 200, ms: 88 })];
    await add({ subscriptionId: "ledger", status: "delivered", attemptCount: 2, attempts: delivered });
  }
}
