import { auditUpdate, pushResult } from "../../../../functions/kard-webhook/audit-update.ts";
import type { KardWebhookRoute } from "../../../../functions/kard-webhook/routes.ts";
import type { Operation } from "./operation.ts";

/** The operation that Kard calls. */
export const pushOperations: Record<KardWebhookRoute, Operation> = {
  "POST /kard/{organizationId}/notifications": {
    operationId: "takeAuditUpdate",
    summary: "Receive Kard's `auditUpdate` push: reads the audit's status from Kard.",
    security: { kardSignature: [] },
    body: {
      schema: auditUpdate,
      example: {
        data: {
          type: "auditUpdate",
          attributes: {
            status: "CLOSED",
            transactionId: "txn-1",
            auditCode: 3006,
            merchantName: "Caribbean Goodness",
            auditDescription: "cashback never posted",
          },
          relationships: {
            user: { data: { type: "user", id: "user-123" } },
            audit: { data: { type: "audit", id: "6f9619ff-8b86-4d01-b42d-00c04fc964ff" } },
          },
        },
      },
    },
    responses: { 200: { description: "The push was received.", schema: pushResult, example: { result: "checked" } } },
    errors: [401],
  },
};
