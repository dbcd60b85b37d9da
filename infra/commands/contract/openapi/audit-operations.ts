import {
  adoptAuditsBody,
  createAuditsBody,
  createLegacyAuditBody,
  listAuditsQuery,
  resolveAuditBody,
} from "../../../../functions/audits-api/audit-input.ts";
import {
  adoptedAudits,
  auditList,
  createdAudits,
  health,
  oneAudit,
  partlyAdoptedAudits,
  partlyCreatedAudits,
  pendingAdoptions,
} from "../../../../functions/audits-api/audit-shapes.ts";
import { shownLegacyAudit } from "../../../../functions/audits-api/legacy-shapes.ts";
import type { AuditsApiRoute } from "../../../../functions/audits-api/routes.ts";
import { aLegacyAudit, anAudit, anAuditInDetail, aPendingAdoption, created, refused } from "./audit-examples.ts";
import type { Operation } from "./operation.ts";

/** The operations of `audits-api`. `$default`, which answers every unknown path with a 404, is no operation. */
export const auditOperations: Record<Exclude<AuditsApiRoute, "$default">, Operation> = {
  "POST /v2/issuers/{organizationId}/users/{userId}/audits": {
    operationId: "createAudits",
    summary: "File audits with Kard.",
    description:
      "Kard's Create Audits. Each audit is stored before Kard is called, so whatever was answered with 2xx reaches Kard. " +
      "Where Kard refused all alike, its own status is answered.",
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
            },
          },
        ],
      },
    },
    answers: {
      201: { description: "Kard took all.", schema: createdAudits, example: { data: [created] } },
      202: {
        description: "Stored; Kard has yet to take some.",
        schema: createdAudits,
        example: { data: [{ ...created, attributes: { ...created.attributes, status: "SUBMITTING" } }] },
      },
      207: {
        description: "Kard took some and refused some, or refused all for different reasons.",
        schema: partlyCreatedAudits,
        example: { errors: [refused], data: [created] },
      },
    },
    errors: [409, 422],
    ofKard: true,
  },

  "POST /v2/issuers/{organizationId}/users/{userId}/audits/adopt": {
    operationId: "adoptAudits",
    summary: "Track audits that exist at Kard already.",
    description:
      "By Kard's ids. Adopting one twice changes nothing. What Kard cannot be asked about within 10 seconds is stored and " +
      "answered as a pending `adoption`: Kard is asked again, with pauses of up to an hour, for 7 days. Repeat the request " +
      "to see what came of it: the audit, 404 if Kard does not know it, or the adoption while it is pending.",
    body: {
      schema: adoptAuditsBody,
      example: { data: [{ type: "audit", attributes: { kardAuditId: "6f9619ff-8b86-4d01-b42d-00c04fc964ff" } }] },
    },
    answers: {
      201: { description: "All are tracked.", schema: adoptedAudits, example: { data: [anAudit] } },
      202: {
        description: "Stored; Kard has yet to be asked about some.",
        schema: pendingAdoptions,
        example: { data: [anAudit, aPendingAdoption] },
      },
      207: {
        description: "Some are tracked or pending.",
        schema: partlyAdoptedAudits,
        example: {
          errors: [{ status: "404", title: "Does Not Exist Error", detail: "Kard knows no such audit" }],
          data: [anAudit],
        },
      },
    },
  },

  "GET /v2/issuers/{organizationId}/audits": {
    operationId: "listAudits",
    summary: "List audits, newest first.",
    description:
      "A request looks through 5 MB of an index, some 20,000 audits: a page of a list that is narrowed may have fewer " +
      "audits than its size, or none, and not be the last. `links.next` says so.",
    query: listAuditsQuery,
    answers: { 200: { description: "A page.", schema: auditList, example: { data: [anAudit], links: {} } } },
    errors: [400],
  },

  "GET /v2/issuers/{organizationId}/audits/{auditId}": {
    operationId: "getAudit",
    summary: "Show one audit with its timeline and who has been told.",
    answers: { 200: { description: "The audit.", schema: oneAudit, example: { data: anAuditInDetail } } },
  },

  "POST /v2/issuers/{organizationId}/audits/{auditId}/refresh": {
    operationId: "refreshAudit",
    summary: "Ask Kard about an audit now.",
    answers: {
      200: { description: "The audit as Kard has it.", schema: oneAudit, example: { data: anAuditInDetail } },
      202: {
        description: "Kard could not be asked; it will be.",
        schema: oneAudit,
        example: { data: anAuditInDetail },
      },
    },
  },

  "POST /v2/issuers/{organizationId}/audits/{auditId}/resolve": {
    operationId: "resolveAudit",
    summary: "End the doubt about an audit that is unconfirmed.",
    description:
      "For an audit whose create was never answered, by what somebody has found out at Kard. With `kardAuditId` the audit " +
      "gets this id, if Kard shows the same request under it. With `notAtKard` it is handed to Kard again, and a conflict " +
      "is then a refusal. 409 says that there is no doubt, that a call to Kard is under way (then with `Retry-After`), or " +
      "that another audit has the id; 422, that Kard's audit is of another request.",
    body: {
      schema: resolveAuditBody,
      example: { data: { type: "audit", attributes: { kardAuditId: "6f9619ff-8b86-4d01-b42d-00c04fc964ff" } } },
    },
    answers: {
      200: {
        description: "The audit, as Kard has decided on it.",
        schema: oneAudit,
        example: { data: anAuditInDetail },
      },
      202: {
        description: "Kard has yet to decide; the audit is handed over again later.",
        schema: oneAudit,
        example: { data: anAuditInDetail },
      },
    },
    errors: [409, 422],
  },

  "POST /transactions/audit": {
    operationId: "createLegacyAudit",
    summary: "File an audit with Kard, by Kard's legacy call.",
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
    answers: { 201: { description: "It is stored.", schema: shownLegacyAudit, example: aLegacyAudit } },
    errors: [409, 422],
    errorStyle: "legacy",
    ofKard: true,
  },

  "GET /transactions/audit/{auditId}": {
    operationId: "getLegacyAudit",
    summary: "Show where an audit stands, as Kard's legacy call does.",
    answers: { 200: { description: "The audit.", schema: shownLegacyAudit, example: aLegacyAudit } },
    errorStyle: "legacy",
  },

  "GET /health": {
    operationId: "getHealth",
    summary: "Whether the interface answers.",
    answers: { 200: { description: "It does.", schema: health, example: { status: "ok" } } },
  },

  "GET /console": {
    operationId: "getConsole",
    summary: "The page on which a support agent looks up a dispute.",
    answers: { 200: { description: "The page.", contentType: "text/html" } },
  },

  "GET /openapi.json": {
    operationId: "getOpenApi",
    summary: "This document.",
    answers: { 200: { description: "The document." } },
  },
};
