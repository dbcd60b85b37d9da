import { openAudits } from "./erase-user.ts";
import type { User, UserData } from "./find-user-data.ts";

/** A user's data as JSON, as stored, with times in ISO 8601. */
export function exported(
  { organizationId, userId }: User,
  { audits, ofExpiredAudits, adoptions }: UserData,
  now: number,
): string {
  const document = {
    ...{ organizationId, userId, exportedAt: now },
    audits: audits.map(({ audit, notifications }) => ({ ...audit, notifications })),
    notificationsOfForgottenAudits: ofExpiredAudits,
    pendingAdoptions: adoptions,
  };
  return JSON.stringify(document, withDates, 2);
}

/** Rows store times as epoch milliseconds in attributes named `at`, `…At` or `…Since`. */
function withDates(name: string, value: unknown): unknown {
  return typeof value === "number" && /(^at|At|Since)$/.test(name) ? new Date(value).toISOString() : value;
}

/** Summarizes a user's data in one line. */
export function counted({ organizationId, userId }: User, data: UserData): string {
  if (data.audits.length + data.ofExpiredAudits.length + data.adoptions.length === 0) {
    return `no data of user ${userId} of organization ${organizationId}: check both ids`;
  }
  const notifications = [...data.audits.flatMap((one) => one.notifications), ...data.ofExpiredAudits];
  const owed = notifications.filter(({ status }) => status === "pending" || status === "held").length;
  return (
    `${data.audits.length} audits of user ${userId}, ${openAudits(data).length} of them open; ` +
    `${notifications.length} notifications, ${owed} of them not delivered yet` +
    (data.adoptions.length === 0 ? "" : `; ${data.adoptions.length} pending adoptions`)
  );
}
