import { createLegacyAuditBody } from "../../../../functions/audits-api/audit-input.ts";
import { legacyAuditShape } from "../../../../functions/audits-api/legacy-shapes.ts";
import { aLegacyAudit } from "./audit-examples.ts";
import type { Operation } from "./operation.ts";

/** The operations in the shapes of Kard's legacy calls. */
export const legacyAuditOperations = {
  "POST /transactions/audit": {
    operationId: "createLegacyAudit",
    summary: "File an audit with Kard by its legacy call.",
    headers: ["Idempotency-Key", "X-Kard-Target-Issuer"],
    body: {
      schema: createLegacyAuditBody,
      example: {
        transactionId: "txn-1",
        auditCode: 3006,
        merchantName: "Caribbean Goodness",
        auditDescription: "cashback never posted",
        preferredContactEmail: "support@issuer.example",
        issuer: "Example Bank",
        transactionAmountInCents: 1250,
      },
    },
    responses: { 201: { description: "The audit is stored.", schema: legacyAuditShape, example: aLegacyAudit } },
    errors: [409, 422],
    errorStyle: "legacy",
    ofKard: true,
  },

  "GET /transactions/audit/{auditId}": {
    operationId: "getLegacyAudit",
    summary: "Get an audit's status in the shape of Kard's legacy call.",
    headers: ["X-Kard-Target-Issuer"],
    responses: { 200: { description: "The audit.", schema: legacyAuditShape, example: aLegacyAudit } },
    errorStyle: "legacy",
  },
} satisfies Record<string, Operation>;
