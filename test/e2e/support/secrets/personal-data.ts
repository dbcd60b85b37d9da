import { randomBytes } from "node:crypto";
import { expect } from "@jest/globals";
import * as z from "zod";
import { auditFields, type Issuer, idsIn } from "../issuer.ts";
import type { Canary } from "./canaries.ts";

/** Files audits with unique personal data, and records that data. */
export function personalData() {
  const canaries: Canary[] = [];

  /** Creates unique personal data. */
  function personal(name: string): string {
    const secret = `${name.replaceAll(" ", "-")}-${randomBytes(12).toString("hex")}`;
    canaries.push({ name, secret });
    return secret;
  }

  return {
    canaries,
    personal,
    async file(issuer: Issuer, userId: string, headers: Record<string, string> = {}) {
      const fields = auditFields({
        transactionId: personal("transaction"),
        merchantName: personal("merchant"),
        auditDescription: personal("words"),
      });
      const response = await issuer.create([fields], { userId, headers });
      expect(response).toMatchObject({ status: 201 });
      return { id: idsIn(response)[0] ?? "", transactionId: fields.transactionId };
    },
    async fileLegacy(issuer: Issuer, referringPartnerUserId: string) {
      const transactionId = personal("legacy transaction");
      const { json } = await issuer.call("POST", "/transactions/audit", {
        body: {
          ...auditFields({ transactionId, auditDescription: personal("legacy words") }),
          preferredContactEmail: `${personal("mailbox")}@example.com`,
          issuer: "Meridian Bank",
          submitterName: personal("submitter"),
          referringPartnerUserId,
        },
      });
      return { id: z.object({ _id: z.string() }).parse(json)._id, transactionId };
    },
  };
}
