import { changeAuditBody } from "../../../../functions/audits-api/annotations-input.ts";
import { adoptAuditsBody, createAuditsBody, resolveAuditBody } from "../../../../functions/audits-api/audit-input.ts";
import {
  adoptedAudits,
  createdAudits,
  oneAudit,
  partlyAdoptedAudits,
  partlyCreatedAudits,
  pendingAdoptions,
} from "../../../../functions/audits-api/audit-shapes.ts";
import { anAudit, anAuditInDetail, aPendingAdoption, created, refused } from "./audit-examples.ts";
import type { Operation } from "./operation.ts";

/** The operations that create and change audits, and show one. */
export const auditOperations = {
  "POST /v2/issuers/{organizationId}/users/{userId}/audits": {
    operationId: "createAudits",
    summary: "File audits with Kard.",
    description:
      "Kard's Create Audits. Each audit is stored before the call to Kard, so every audit with a 2xx response reaches " +
      "Kard. If Kard refuses all audits for the same reason, the response has Kard's status.",
    headers: ["Idempotency-Key"],
    body: {
      schema: createAuditsBody,
      example: {
        data: [
          {
            type: "audit",
            attributes: {
              auditCode: 3006,
              merchantName: "Caribbean Goodness",
              auditDescription: "cashback never posted",
              transactionId: "txn-1",
              transactionAmountInCents: 1250,
              currency: "USD",
              reference: "CASE-4711",
            },
          },
        ],
      },
    },
    responses: {
      201: { description: "Kard accepted all audits.", schema: createdAudits, example: { data: [created] } },
      202: {
        description: "All audits are stored; some still wait to be submitted to Kard.",
        schema: createdAudits,
        example: { data: [{ ...created, attributes: { ...created.attributes, status: "SUBMITTING" } }] },
      },
      207: {
        description: "Kard accepted some audits and refused others, or refused all for different reasons.",
        schema: partlyCreatedAudits,
        example: { errors: [refused], data: [created] },
      },
    },
    errors: [409, 422],
    ofKard: true,
  },

  "POST /v2/issuers/{organizationId}/users/{userId}/audits/adopt": {
    operationId: "adoptAudits",
    summary: "Track audits that already exist at Kard.",
    description:
      "Names audits by Kard's ids. Adopting an audit again changes nothing. If Kard does not answer within 10 seconds, the " +
      "response has a pending `adoption`, which the tracker retries for 7 days, with pauses of up to an hour. Repeat the " +
      "request for the outcome: the audit, 404 if Kard does not know it, or the adoption while it is pending.",
    body: {
      schema: adoptAuditsBody,
      example: { data: [{ type: "audit", attributes: { kardAuditId: "6f9619ff-8b86-4d01-b42d-00c04fc964ff" } }] },
    },
    responses: {
      201: { description: "All audits are tracked.", schema: adoptedAudits, example: { data: [anAudit] } },
      202: {
        description: "Some adoptions are stored and pending.",
        schema: pendingAdoptions,
        example: { data: [anAudit, aPendingAdoption] },
      },
      207: {
        description: "Some audits are tracked or pending.",
        schema: partlyAdoptedAudits,
        example: {
          errors: [{ status: "404", title: "Does Not Exist Error", detail: "Kard does not know this audit" }],
          data: [anAudit],
        },
      },
    },
  },

  "GET /v2/issuers/{organizationId}/audits/{auditId}": {
    operationId: "getAudit",
    summary: "Get one audit with its timeline and notifications.",
    responses: { 200: { description: "The audit.", schema: oneAudit, example: { data: anAuditInDetail } } },
  },

  "PATCH /v2/issuers/{organizationId}/audits/{auditId}": {
    operationId: "changeAudit",
    summary: "Change the issuer's own data on an audit.",
    description:
      "Missing fields stay unchanged; null removes a field. Earlier events keep their data, and Kard gets no update.",
    body: {
      schema: changeAuditBody,
      example: { data: { type: "audit", attributes: { reference: "CASE-4711" } } },
    },
    responses: { 200: { description: "The audit.", schema: oneAudit, example: { data: anAuditInDetail } } },
  },

  "POST /v2/issuers/{organizationId}/audits/{auditId}/refresh": {
    operationId: "refreshAudit",
    summary: "Read an audit's status from Kard now.",
    responses: {
      200: {
        description: "The audit with its current status at Kard.",
        schema: oneAudit,
        example: { data: anAuditInDetail },
      },
      202: {
        description: "Kard has not confirmed the status. The tracker will retry.",
        schema: oneAudit,
        example: { data: anAuditInDetail },
      },
    },
  },

  "POST /v2/issuers/{organizationId}/audits/{auditId}/resolve": {
    operationId: "resolveAudit",
    summary: "Resolve an unconfirmed audit.",
    description:
      "For an audit whose submission got no response from Kard, after a check at Kard. `kardAuditId` assigns Kard's id to " +
      "the audit if Kard's audit has the same contents. `notAtKard` submits the audit again; a conflict then rejects it. " +
      "409: the audit is not unconfirmed, a call to Kard is in progress (with `Retry-After`), or another audit has the id. " +
      "422: Kard's audit has other contents.",
    body: {
      schema: resolveAuditBody,
      example: { data: { type: "audit", attributes: { kardAuditId: "6f9619ff-8b86-4d01-b42d-00c04fc964ff" } } },
    },
    responses: {
      200: {
        description: "The audit with Kard's decision.",
        schema: oneAudit,
        example: { data: anAuditInDetail },
      },
      202: {
        description: "Kard has not decided yet. The tracker submits the audit again later.",
        schema: oneAudit,
        example: { data: anAuditInDetail },
      },
    },
    errors: [409, 422],
  },
} satisfies Record<string, Operation>;
