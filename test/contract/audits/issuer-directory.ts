import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AuditStore, IssuerDirectory } from "../../../functions/core/audits/ports.ts";
import { openAudit } from "../../support/sample-audits.ts";

export interface OpenIssuerDirectory {
  audits: AuditStore;
  issuers: IssuerDirectory;
  close: () => Promise<void>;
}

export function describeIssuerDirectoryContract(name: string, open: () => Promise<OpenIssuerDirectory>): void {
  describe(`IssuerDirectory: ${name}`, () => {
    let audits: AuditStore;
    let issuers: IssuerDirectory;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ audits, issuers, close } = await open());
    });
    afterEach(() => close());

    test("an issuer is listed once, however often it is added, whatever characters it has", async () => {
      expect(await issuers.list()).toEqual([]);
      const names = ["bank-a", "bank#a", "bank%23a", "🏦", "__proto__"];
      await Promise.all([...names, ...names].map((organizationId) => issuers.add(organizationId)));
      expect((await issuers.list()).sort()).toEqual(names.sort());
    });

    test("all issuers are listed", async () => {
      // Their names alone exceed the megabyte that one Query reads.
      const names = Array.from({ length: 1_200 }, (_, n) => `${n}-${"x".repeat(900)}`);
      for (let from = 0; from < names.length; from += 100) {
        await Promise.all(names.slice(from, from + 100).map((organizationId) => issuers.add(organizationId)));
      }
      expect(new Set(await issuers.list())).toEqual(new Set(names));
    });

    test("every issuer with an audit is listed", async () => {
      await audits.create(openAudit({ organizationId: "bank-a", auditId: "1" }));
      await audits.create(openAudit({ organizationId: "bank-a", auditId: "2" }));
      await audits.create(openAudit({ organizationId: "bank-b", auditId: "1" }));
      expect((await issuers.list()).sort()).toEqual(["bank-a", "bank-b"]);
    });
  });
}
