import { expect, test } from "@jest/globals";
import { eraseUserData, openAudits } from "../../../infra/commands/users/erase-user.ts";
import { findUserData } from "../../../infra/commands/users/find-user-data.ts";
import { counted, exported } from "../../../infra/commands/users/show-user-data.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification, openAudit, pendingAdoption, submittingAudit } from "../../support/sample-audits.ts";
import { anna, closedAudit, quietly, settledAudit, worldWith } from "./stored-users.ts";

test("open audits are open at Kard, unpublished, or have pending webhooks", async () => {
  const stores = await worldWith(
    openAudit({ auditId: "open", userId: "anna" }),
    closedAudit({ auditId: "untold", userId: "anna" }),
    settledAudit({ auditId: "settled", userId: "anna" }),
  );
  await stores.audits.create(settledAudit({ auditId: "undelivered", userId: "anna" }));
  await stores.notifications.put(aNotification({ auditId: "undelivered" }), undefined);
  const found = await findUserData(stores)(anna, quietly);
  expect(
    openAudits(found)
      .map(({ auditId }) => auditId)
      .sort(),
  ).toEqual(["open", "undelivered", "untold"]);
  expect(counted(anna, found)).toBe(
    "4 audits of user anna, 3 of them open; 4 notifications, 1 of them not delivered yet",
  );
});

test("erases all data of the user and no other; a second run continues after an interruption", async () => {
  const ofOthers = settledAudit({ auditId: "d", userId: "other" });
  const stores = await worldWith(
    ...["a", "b", "c"].map((auditId) => settledAudit({ auditId, userId: "anna" })),
    ofOthers,
  );
  const { auditRemoval } = stores;
  const interrupted = {
    ...stores,
    auditRemoval: {
      async remove(key: Parameters<typeof auditRemoval.remove>[0]) {
        if (key.auditId === "b") throw new Error("interrupted");
        return auditRemoval.remove(key);
      },
    },
  };
  const first = await findUserData(stores)(anna, quietly);
  await expect(eraseUserData(interrupted, first)).rejects.toThrow("interrupted");
  const second = await findUserData(stores)(anna, quietly);
  expect(second.audits.length).toBeLessThan(3);
  expect(second.audits.length).toBeGreaterThan(0);
  expect(await eraseUserData(stores, second)).toBe(2 * second.audits.length);
  const third = await findUserData(stores)(anna, quietly);
  expect(third).toEqual({ audits: [], ofExpiredAudits: [], adoptions: [] });
  expect(await eraseUserData(stores, third)).toBe(0);
  expect([...stores.state.audits.values()]).toEqual([ofOthers]);
  expect([...stores.state.notifications.values()]).toMatchObject([{ auditId: "d" }]);
});

test("finds, exports and erases the user's pending adoptions only", async () => {
  const stores = await worldWith();
  const of = (userId: string, n: number, changes = {}) =>
    pendingAdoption({ userId, kardAuditId: `kard-${n}`, laneAt: noon + n, ...changes });
  const hers = Array.from({ length: 30 }, (_, n) => of("anna", n));
  const others = [of("ann", 30), of("anna", 31, { organizationId: "org2" })];
  for (const adoption of [...hers, ...others]) await stores.adoptions.add(adoption);
  await stores.audits.create(submittingAudit({ userId: "other" }));

  const found = await findUserData(stores)(anna, quietly);
  expect(found.adoptions.map(({ kardAuditId }) => kardAuditId).sort()).toEqual(
    hers.map(({ kardAuditId }) => kardAuditId).sort(),
  );
  expect(counted(anna, found)).toBe(
    "0 audits of user anna, 0 of them open; 0 notifications, 0 of them not delivered yet; 30 pending adoptions",
  );
  const { pendingAdoptions } = JSON.parse(exported(anna, found, noon));
  expect(pendingAdoptions).toHaveLength(30);
  expect(pendingAdoptions[0]).toMatchObject({ userId: "anna", createdAt: new Date(noon).toISOString() });
  // Pending adoptions do not block erasing: the tracker does not track those audits yet.
  expect(openAudits(found)).toEqual([]);
  expect(await eraseUserData(stores, found)).toBe(30);
  expect([...stores.state.adoptions.values()]).toEqual(others);
  expect((await findUserData(stores)(anna, quietly)).adoptions).toEqual([]);
});
