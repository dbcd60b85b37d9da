import { expect, test } from "@jest/globals";
import type { Audit } from "../../../functions/core/audits/audit.ts";
import { held } from "../../../functions/core/notifications/notification.ts";
import { eraseUserData } from "../../../infra/commands/users/erase-user.ts";
import { findUserData } from "../../../infra/commands/users/find-user-data.ts";
import { exported } from "../../../infra/commands/users/show-user-data.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification, aRequest, openAudit } from "../../support/sample-audits.ts";
import { anna, closedAudit, idsOf, quietly, settledAudit, worldWith } from "./stored-users.ts";

test("finds a user's audits by path, and legacy audits by referringPartnerUserId", async () => {
  const legacy = openAudit({ auditId: "legacy", request: { ...aRequest, referringPartnerUserId: "anna" } });
  const { userId: _, ...nameless } = legacy;
  const stores = await worldWith(
    openAudit({ auditId: "v2", userId: "anna" }),
    nameless,
    openAudit({ auditId: "another's", userId: "ann" }),
    openAudit({ auditId: "a namesake's", organizationId: "org2", userId: "anna" }),
  );
  expect(idsOf(await findUserData(stores)(anna, quietly))).toEqual(["legacy", "v2"]);
});

test("searches all pages, and reports each page", async () => {
  const many = Array.from({ length: 730 }, (_, n) =>
    settledAudit({ auditId: `a-${n}`, createdAt: noon + n, userId: n % 100 === 0 ? "anna" : "other" }),
  );
  const stores = await worldWith(...many);
  let rows = 0;
  const found = await findUserData(stores)(anna, (looked) => {
    rows += looked;
  });
  expect(idsOf(found)).toEqual([0, 100, 200, 300, 400, 500, 600, 700].map((n) => `a-${n}`));
  expect(found.audits.every(({ notifications }) => notifications.length === 1)).toBe(true);
  expect(rows).toBe(2 * many.length);
});

test("finds notifications of expired audits by their events", async () => {
  const stores = await worldWith();
  const left = (userId: string, auditId: string, changes: Partial<Audit> = {}) => {
    const { events } = closedAudit({ auditId, userId, ...changes });
    return held(aNotification({ auditId }), { id: `evt_${auditId}`, body: events.e1?.body ?? "" }, noon);
  };
  const ofLegacy = { request: { ...aRequest, referringPartnerUserId: "anna" } };
  const disabled = { id: "evt_s_1", body: JSON.stringify({ type: "subscription.disabled", data: { id: "anna" } }) };
  for (const one of [
    left("anna", "hers"),
    left("other", "legacy", ofLegacy),
    left("other", "not hers"),
    aNotification({ auditId: "without an event" }),
    aNotification({ auditId: "s", event: disabled }),
  ]) {
    await stores.notifications.put(one, undefined);
  }
  const found = await findUserData(stores)(anna, quietly);
  expect(found.ofExpiredAudits.map(({ auditId }) => auditId).sort()).toEqual(["hers", "legacy"]);
  await eraseUserData(stores, found);
  const kept = [...stores.state.notifications.values()].map(({ auditId }) => auditId);
  expect(kept.sort()).toEqual(["not hers", "s", "without an event"]);
});

test("exports all attributes of audits and notifications, with ISO 8601 times", async () => {
  const audit = settledAudit({ auditId: "a", userId: "anna", fingerprint: "f".repeat(64) });
  const stores = await worldWith(audit);
  const found = await findUserData(stores)(anna, quietly);
  const document: unknown = JSON.parse(exported(anna, found, noon));
  const at = new Date(noon).toISOString();
  expect(document).toEqual({
    ...{ organizationId: "org", userId: "anna", exportedAt: at },
    audits: [
      {
        ...audit,
        ...{ createdAt: at, acceptedAt: at, settledAt: at },
        events: { e1: { ...audit.events.e1, at } },
        notifications: [
          {
            ...aNotification({ auditId: "a", status: "delivered" }),
            ...{ createdAt: at, attempts: [{ at, ms: 12, statusCode: 500 }] },
          },
        ],
      },
    ],
    notificationsOfForgottenAudits: [],
    pendingAdoptions: [],
  });
});
