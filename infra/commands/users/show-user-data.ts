import { openAudits } from "./erase-user.ts";
import type { User, UserData } from "./find-user-data.ts";

/** All that is kept of a user as JSON, as it is kept; times in ISO 8601. */
export function exported(
  { organizationId, userId }: User,
  { audits, leftBehind, adoptions }: UserData,
  now: number,
): string {
  const document = {
    ...{ organizationId, userId, exportedAt: now },
    audits: audits.map(({ audit, notifications }) => ({ ...audit, notifications })),
    notificationsOfForgottenAudits: leftBehind,
    pendingAdoptions: adoptions,
  };
  return JSON.stringify(document, withDates, 2);
}

/** Our rows keep times as epoch milliseconds, under names that end in `At` or `Since`, and `at` alone. */
function withDates(name: string, value: unknown): unknown {
  return typeof value === "number" && /(^at|At|Since)$/.test(name) ? new Date(value).toISOString() : value;
}

/** What is kept of a user, in one line. */
export function counted({ organizationId, userId }: User, data: UserData): string {
  if (data.audits.length + data.leftBehind.length + data.adoptions.length === 0) {
    return `nothing is kept of user ${userId} of organization ${organizationId}: look whether both ids are right`;
  }
  const notifications = [...data.audits.flatMap((one) => one.notifications), ...data.leftBehind];
  const owed = notifications.filter(({ status }) => status === "pending" || status === "held").length;
  return (
    `${data.audits.length} audits of user ${userId}, ${openAudits(data).length} of them open; ` +
    `${notifications.length} notifications, ${owed} of them still to be delivered` +
    (data.adoptions.length === 0 ? "" : `; ${data.adoptions.length} pending adoptions`)
  );
}
