import Table from "cli-table3";
import type { ShownAudit, ShownAuditDetails } from "./audits.ts";
import type { ShownNotification } from "./notifications.ts";
import type { LineResult } from "./submit.ts";
import type { ShownSubscription } from "./subscriptions.ts";

// What people are shown; programs ask for --json.

function table(head: string[], rows: string[][]): string {
  const drawn = new Table({ head, style: { head: [], border: [], compact: true } });
  drawn.push(...rows);
  return drawn.toString();
}

/** What became of each line of a file. */
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

/** An audit in a line. */
export function auditLine({ id, attributes }: ShownAudit): string {
  const { status, transactionId, resolutionCode, resolutionDescription } = attributes;
  const resolution = [resolutionCode, resolutionDescription].filter((part) => part != null).join(" ");
  return [id, status, transactionId, resolution].join("  ").trimEnd();
}

/** A list of audits. */
export function auditTable(audits: readonly ShownAudit[]): string {
  return table(
    ["audit", "filed", "status", "transaction", "user", "resolution"],
    audits.map(({ id, attributes, relationships }) => [
      id,
      shortTime(attributes.createdAt),
      attributes.status,
      attributes.transactionId,
      relationships?.user.data.id ?? "",
      [attributes.resolutionCode, attributes.resolutionDescription].filter((part) => part != null).join(" "),
    ]),
  );
}

/** One audit with its timeline and who was told of it. */
export function auditPage(audit: ShownAuditDetails): string {
  const { timeline, notifications, nextPollAt, nextSubmissionAt, auditDescription, kardAuditId } = audit.attributes;
  const next = nextPollAt ?? nextSubmissionAt;
  return [
    auditLine(audit),
    `  ${auditDescription}`,
    ...(kardAuditId === undefined ? [] : [`  at Kard: ${kardAuditId}`]),
    ...(next === undefined ? [] : [`  Kard is asked next at ${next}`]),
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

/** A list of webhooks. */
export function subscriptionTable(subscriptions: readonly ShownSubscription[]): string {
  return table(
    ["subscription", "", "URL", "events", "description"],
    subscriptions.map(({ id, attributes: { enabled, disabledReason, webhookUrl, eventNames, description = "" } }) => {
      const standing = enabled ? "enabled" : `disabled: ${disabledReason ?? ""}`;
      return [id, standing, webhookUrl, eventNames.join("\n"), description];
    }),
  );
}

/** What became of events. */
export function notificationTable(notifications: readonly ShownNotification[]): string {
  return table(
    ["notification", "at", "event", "status", "attempts", "last answer"],
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
