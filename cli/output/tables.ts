import Table from "cli-table3";
import { meaningOf } from "../../functions/core/kard/resolution-meanings.ts";
import { escapeControls } from "../../functions/core/shared/text.ts";
import type { AuditDetailsResource, AuditResource } from "../api/audits.ts";
import type { NotificationResource } from "../api/notifications.ts";
import type { SubscriptionResource } from "../api/subscriptions.ts";
import type { LineResult } from "../submit.ts";
import { type AuditColumn, columnValue } from "./audit-columns.ts";

// Output for people; programs use --json.

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  // The text of a cell determines its width, so it must be final.
  drawn.push(...rows.map((row) => row.map(escapeControls)));
  return drawn.toString();
}

/** The results of a file's lines. */
export function lineTable(results: readonly LineResult[]): string {
  return table(
    ["line", "transaction", "result", "audit"],
    results.map(({ line, transactionId = "", result, id, reason }) => [
      String(line),
      transactionId,
      result,
      id ?? reason ?? "",
    ]),
  );
}

/** An audit in one line. */
export function auditLine(audit: AuditResource): string {
  const parts = [audit.id, audit.attributes.status, audit.attributes.transactionId, resolutionOf(audit)];
  return parts
    .join("  ")
    .replace(/\s*[\r\n]+\s*/g, " ")
    .trimEnd();
}

function resolutionOf(audit: AuditResource): string {
  return [columnValue(audit, "resolution_code"), columnValue(audit, "resolution")].join(" ").trim();
}

export const defaultAuditColumns: readonly AuditColumn[] = [
  "audit_id",
  "created_at",
  "status",
  "transaction_id",
  "user_id",
  "outcome",
  "resolution_code",
  "resolution",
];

/** A list of audits. */
export function auditTable(audits: readonly AuditResource[], columns = defaultAuditColumns): string {
  const shown = (audit: AuditResource, column: AuditColumn) => {
    const value = columnValue(audit, column);
    return column.endsWith("_at") ? shortTime(value) : value;
  };
  return table(
    columns,
    audits.map((audit) => columns.map((column) => shown(audit, column))),
  );
}

/** An audit with its history and deliveries. */
export function auditPage(audit: AuditDetailsResource): string {
  const { timeline, notifications, nextPollAt, nextSubmissionAt, auditDescription, kardAuditId } = audit.attributes;
  const next = nextPollAt ?? nextSubmissionAt;
  return [
    auditLine(audit),
    `  ${auditDescription.replaceAll("\n", "\n  ")}`,
    ...(kardAuditId === undefined ? [] : [`  at Kard: ${kardAuditId}`]),
    ...annotationsOf(audit),
    ...explanationOf(audit),
    ...(next === undefined ? [] : [`  next poll of Kard: ${next}`]),
    table(
      ["at", "what", ""],
      timeline.map(({ at, what, ...rest }) => [at, what, Object.values(rest).join(" ")]),
    ),
    ...(notifications.length === 0
      ? []
      : [
          table(
            ["notification", "event", "status", "attempts"],
            notifications.map(({ id, eventName, status, attempts }) => [id, eventName, status, String(attempts)]),
          ),
        ]),
  ].join("\n");
}

/** The issuer's own reference and metadata. */
function annotationsOf({ attributes: { reference, metadata = {} } }: AuditResource): string[] {
  return [
    ...(reference === undefined ? [] : [`  reference: ${reference}`]),
    ...Object.entries(metadata).map(([key, value]) => `  ${key}: ${value}`),
  ];
}

/** What a closed audit's resolution means, and who acts next. */
function explanationOf({ attributes }: AuditResource): string[] {
  const { outcome, nextActor, resolutionCode, fulfilment, followUpAt } = attributes;
  if (outcome === undefined) return [];
  return [
    `  ${meaningOf(resolutionCode).meaning}`,
    `  outcome: ${outcome}; next to act: ${nextActor}`,
    ...(fulfilment === undefined ? [] : [`  done by Kard as promised: ${fulfilment} (${followUpAt})`]),
  ];
}

/** A list of subscriptions. */
export function subscriptionTable(subscriptions: readonly SubscriptionResource[]): string {
  return table(
    ["subscription", "", "endpoint", "events", "description"],
    subscriptions.map(({ id, attributes }) => {
      const { enabled, disabledReason, webhookUrl, target, eventName, eventNames = [eventName] } = attributes;
      const standing = enabled ? "enabled" : `disabled: ${disabledReason ?? ""}`;
      const endpoint = webhookUrl ?? target?.arn ?? "";
      return [id, standing, endpoint, eventNames.join("\n"), attributes.description ?? ""];
    }),
  );
}

/** A list of notifications. */
export function notificationTable(notifications: readonly NotificationResource[]): string {
  return table(
    ["notification", "at", "event", "status", "attempts", "last response"],
    notifications.map(({ id, attributes: { timestamp, eventName, status, attempts, statusCode, errorMessage } }) => [
      id,
      shortTime(timestamp),
      eventName,
      status,
      String(attempts),
      String(statusCode ?? errorMessage ?? ""),
    ]),
  );
}

function shortTime(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}
