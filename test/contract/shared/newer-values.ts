import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Scope } from "../../../functions/core/access/api-key.ts";
import type { CircuitOpenReason } from "../../../functions/core/tracking/ports.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification, aSubscription, openAudit } from "../../support/sample-audits.ts";
import type { OpenApiKeyStore } from "../access/api-key-store.ts";
import type { OpenAuditStore } from "../audits/audit-store.ts";
import type { OpenAuditListing } from "../audits/listed-audits.ts";
import type { OpenNotificationListing } from "../notifications/notification-listing.ts";
import type { OpenEventFeed } from "../publishing/event-feed.ts";
import type { OpenSubscriptionStore } from "../subscriptions/subscription-store.ts";
import type { OpenOpenCircuits } from "../tracking/open-circuits.ts";

export type OpenNewerValues = OpenAuditStore &
  OpenAuditListing &
  OpenNotificationListing &
  OpenEventFeed &
  OpenSubscriptionStore &
  OpenApiKeyStore &
  OpenOpenCircuits;

const reopened = "audit.reopened";

/** During a deployment, and after a rollback, a version reads rows with names that it does not know. */
export function describeNewerValuesContract(name: string, open: () => Promise<OpenNewerValues>): void {
  describe(`values of a newer version: ${name}`, () => {
    let opened: OpenNewerValues;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    test("events of a subscription are read and kept, next to those of others", async () => {
      const { subscriptions } = opened;
      const newer = aSubscription({ subscriptionId: "subscription-2", eventNames: ["audit.closed", reopened] });
      await subscriptions.create(aSubscription());
      await subscriptions.create(newer);
      expect(await subscriptions.listInFull("org")).toEqual([aSubscription(), newer]);
      expect(await subscriptions.update({ ...newer, description: "desk", revision: 2 }, 1)).toBe("done");
      expect(await subscriptions.get("org", "subscription-2")).toMatchObject({ eventNames: newer.eventNames });
    });

    test("options of a subscription do not keep events from it or from others", async () => {
      const { subscriptions } = opened;
      const options = { format: "cloudevents", payload: "diff", retrySchedule: "eager" } as object;
      const newer = {
        ...aSubscription({ subscriptionId: "subscription-2", filters: { auditCodes: [3006] } }),
        ...options,
      };
      await subscriptions.create(aSubscription());
      await subscriptions.create(newer);
      for (const [position, of] of [aSubscription(), newer].entries()) {
        const { subscriptionId, eventNames, enabled, createdAt, filters } = of;
        const wanted = { subscriptionId, eventNames, enabled, createdAt, ...(filters && { filters }) };
        expect((await subscriptions.list("org"))[position]).toMatchObject(wanted);
      }
    });

    test("a subscription keeps events about its health, and why it is disabled", async () => {
      const { subscriptions, subscriptionOutbox } = opened;
      const event = { sequence: 1, eventName: "subscription.slow", at: noon, id: "evt_1", body: "{}" };
      const newer = aSubscription({
        ...{ enabled: false, disabled: { at: noon, reason: "over-quota" }, outboxAt: noon },
        events: [{ ...event, announcedTo: ["endpoints", "chat"] }],
      });
      await subscriptions.create(newer);
      expect(await subscriptions.listInFull("org")).toEqual([newer]);
      expect(await subscriptionOutbox.get(newer)).toEqual(newer);
    });

    test("entries of the feed are read, also by name", async () => {
      const { feed } = opened;
      const entries = ["audit.closed", reopened, "audit.closed"].map((eventName, n) => ({
        ...{ at: noon + n, auditId: "audit-1", sequence: n + 1, eventId: `evt_${n}`, eventName },
      }));
      for (const entry of entries) await feed.append("org", entry);
      const range = { since: 0, until: noon + 10 };
      expect((await feed.read("org", range, 10)).entries).toEqual(entries);
      expect((await feed.read("org", { ...range, eventNames: [reopened] }, 10)).entries).toEqual([entries[1]]);
    });

    test("an audit's event is read, listed and kept when it is marked", async () => {
      const { audits, listing } = opened;
      const event = { id: "evt_1", type: reopened, at: noon, body: "{}" };
      const newer = openAudit({ sequence: 1, events: { e1: event } });
      await audits.create(newer);
      expect((await listing.list("org", {}, 10)).items).toEqual([newer]);
      const marked = { ...newer, events: { e1: { ...event, publishedAt: noon } } };
      expect(await audits.update(newer, marked, ["sequence"])).toBe("done");
      expect(await audits.get(newer)).toEqual(marked);
    });

    test("a notification's event, failure and announcements are read and listed", async () => {
      const { notifications, notificationListing } = opened;
      const newer = aNotification({
        ...{ eventName: reopened, status: "delivery_failed", failure: "over-quota", announcedTo: ["chat"] },
      });
      await notifications.put(newer, undefined);
      expect(await notifications.get(newer)).toEqual(newer);
      expect((await notificationListing.list("org", {}, 10)).items).toEqual([newer]);
    });

    test("a scope does not take the others from an API key", async () => {
      const { apiKeys } = opened;
      const scopes = ["audit:read", "stats:read"] as Scope[];
      const key = { keyId: "abc", secretHash: "0".repeat(64), organizations: ["org"], createdAt: noon };
      await apiKeys.create({ ...key, scopes });
      expect((await apiKeys.get("abc"))?.scopes).toContain("audit:read");
      expect((await apiKeys.list()).map(({ keyId }) => keyId)).toEqual(["abc"]);
    });

    test("a reason of an open circuit does not stop the polls of others, and its pause holds", async () => {
      const { openCircuits } = opened;
      const circuit = { since: noon, pausedUntil: noon + 1 };
      await openCircuits.record({ ...circuit, organizationId: "a", reason: "moved" as CircuitOpenReason });
      await openCircuits.record({ ...circuit, organizationId: "b", reason: "hanging" });
      const listed = await openCircuits.list();
      expect(listed).toMatchObject([
        { organizationId: "a", ...circuit },
        { organizationId: "b", reason: "hanging", ...circuit },
      ]);
    });
  });
}
