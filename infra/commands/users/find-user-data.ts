import type { Audit } from "../../../functions/core/audits/audit.ts";
import type { AuditListing } from "../../../functions/core/audits/ports.ts";
import { auditEventBody } from "../../../functions/core/events/events.ts";
import type { Notification } from "../../../functions/core/notifications/notification.ts";
import type { NotificationListing, NotificationStore } from "../../../functions/core/notifications/ports.ts";
import { shards } from "../../../functions/core/shared/lanes.ts";
import type { Page, PagePosition } from "../../../functions/core/shared/ports.ts";
import { type Adoption, isAdoption } from "../../../functions/core/tracking/adoption.ts";
import type { AdoptionStore, AuditLanes, DuePosition } from "../../../functions/core/tracking/ports.ts";

export interface FindDeps {
  listing: AuditListing;
  notificationListing: NotificationListing;
  notifications: Pick<NotificationStore, "listOfAudit">;
  lanes: Pick<AuditLanes, "due">;
  adoptions: Pick<AdoptionStore, "get">;
}

export interface User {
  organizationId: string;
  userId: string;
}

/** All data of one user of one issuer. */
export interface UserData {
  audits: { audit: Audit; notifications: Notification[] }[];
  /** Notifications of expired audits, which carry the event themselves. */
  ofExpiredAudits: Notification[];
  /** Pending adoptions of audits for the user. */
  adoptions: Adoption[];
}

const always = Number.MAX_SAFE_INTEGER;

/**
 * DynamoDB's maximum for one BatchGetItem.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
const rowsPerPage = 100;

/**
 * Searches all audits, notifications and pending adoptions of the issuer for those of a user. An audit of Kard's legacy
 * call names its user only as `referringPartnerUserId`; without it, the audit belongs to no user.
 *
 * @param onPage receives the number of rows of each page
 */
export function findUserData(deps: FindDeps) {
  return async ({ organizationId, userId }: User, onPage: (rows: number) => void): Promise<UserData> => {
    const audits: UserData["audits"] = [];
    const walk = async <Item>(
      list: (from?: PagePosition) => Promise<Page<Item>>,
      look: (item: Item) => Promise<void>,
    ) => {
      for (let from: PagePosition | undefined, more = true; more; more = from !== undefined) {
        const { items, next } = await list(from);
        for (const item of items) await look(item);
        onPage(items.length);
        from = next;
      }
    };

    // The adoptions first: one that the poller finishes meanwhile is found among the audits.
    const adoptions = await findAdoptions(deps, { organizationId, userId }, onPage);
    await walk<Audit>(
      (from) => deps.listing.list(organizationId, {}, rowsPerPage, from),
      async (audit) => {
        if (audit.userId !== userId && audit.request.referringPartnerUserId !== userId) return;
        audits.push({ audit, notifications: await deps.notifications.listOfAudit(audit) });
      },
    );
    const found = new Set(audits.map(({ audit }) => audit.auditId));
    const ofExpiredAudits: Notification[] = [];
    await walk<Notification>(
      (from) => deps.notificationListing.list(organizationId, {}, rowsPerPage, from),
      async (notification) => {
        if (!found.has(notification.auditId) && isAbout(notification, userId)) ofExpiredAudits.push(notification);
      },
    );
    return { audits, ofExpiredAudits, adoptions };
  };
}

async function findAdoptions(
  { lanes, adoptions }: Pick<FindDeps, "lanes" | "adoptions">,
  { organizationId, userId }: User,
  onPage: (rows: number) => void,
): Promise<Adoption[]> {
  const found: Adoption[] = [];
  for (const shard of shards) {
    let after: DuePosition | undefined;
    do {
      const page = await lanes.due("SUBMIT", { organizationId, shard }, always, rowsPerPage, after);
      for (const row of page.rows.filter(isAdoption)) {
        const adoption = await adoptions.get(row);
        if (adoption?.userId === userId) found.push(adoption);
      }
      onPage(page.rows.length);
      after = page.next;
    } while (after !== undefined);
  }
  return found;
}

function isAbout({ event }: Notification, userId: string): boolean {
  const read = auditEventBody.safeParse(event === undefined ? undefined : JSON.parse(event.body));
  if (!read.success) return false;
  const { relationships, attributes } = read.data.data;
  return relationships?.user.data.id === userId || attributes.referringPartnerUserId === userId;
}
