import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { KardAuditIds } from "../../../functions/core/audits/ports.ts";

export interface OpenKardAuditIds {
  kardAuditIds: KardAuditIds;
  close: () => Promise<void>;
}

const audit = { organizationId: "org", auditId: "audit-1" };

export function describeKardAuditIdsContract(name: string, open: () => Promise<OpenKardAuditIds>): void {
  describe(`KardAuditIds: ${name}`, () => {
    let ids: KardAuditIds;
    let close: () => Promise<void>;
    beforeEach(async () => {
      const stores = await open();
      ids = stores.kardAuditIds;
      close = stores.close;
    });
    afterEach(() => close());

    test("an id has no owner until it is claimed", async () => {
      expect(await ids.find("kard-1")).toBeUndefined();
      expect(await ids.claim("kard-1", audit)).toEqual(audit);
      expect(await ids.find("kard-1")).toEqual(audit);
    });

    test("a repeated claim for the same audit changes nothing", async () => {
      await ids.claim("kard-1", audit);
      expect(await ids.claim("kard-1", audit)).toEqual(audit);
    });

    test.each([
      ["another audit", { organizationId: "org", auditId: "audit-2" }],
      ["the same audit id of another issuer", { organizationId: "other", auditId: "audit-1" }],
    ])("it keeps its audit when it is claimed for %s", async (_, other) => {
      await ids.claim("kard-1", audit);
      expect(await ids.claim("kard-1", other)).toEqual(audit);
      expect(await ids.find("kard-1")).toEqual(audit);
    });

    test("of concurrent claims exactly one succeeds, and all get the owner", async () => {
      const claims = Array.from({ length: 10 }, (_, n) =>
        ids.claim("kard-1", { organizationId: `org-${n}`, auditId: "audit" }),
      );
      const owners = new Set((await Promise.all(claims)).map(({ organizationId }) => organizationId));
      expect([...owners]).toEqual([(await ids.find("kard-1"))?.organizationId]);
    });

    test("an id has one owner, in upper and lower case", async () => {
      await ids.claim("5eb2d4a39ce24e00081488c4", audit);
      const other = { organizationId: "org", auditId: "audit-2" };
      expect(await ids.claim("5EB2D4A39CE24E00081488C4", other)).toEqual(audit);
      expect(await ids.find("5EB2D4A39CE24E00081488C4")).toEqual(audit);
    });

    test("similar ids are different ids", async () => {
      const alike = ["a", "a#", "a%23", "a#OWNER", "aa"];
      for (const id of alike) await ids.claim(id, { organizationId: "org", auditId: id });
      for (const id of alike) expect(await ids.find(id)).toEqual({ organizationId: "org", auditId: id });
    });
  });
}
