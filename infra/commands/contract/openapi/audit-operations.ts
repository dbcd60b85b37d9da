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
  ping,
  shownToken,
} from "../../../../functions/audits-api/audit-shapes.ts";
import { shownLegacyAudit } from "../../../../functions/audits-api/legacy-shapes.ts";
import { changeAuditBody } from "../../../../functions/audits-api/own-data-input.ts";
import type { AuditsApiRoute } from "../../../../functions/audits-api/routes.ts";
import { tokenBody, tokenForm } from "../../../../functions/audits-api/token-input.ts";
import { aLegacyAudit, anAudit, anAuditInDetail, aPendingAdoption, created, refused } from "./audit-examples.ts";
import type { Operation } from "./operation.ts";

/** The operations of `audits-api`. `$default` is not an operation: it answers unknown paths with a 404. */
export const auditOperations: Record<Exclude<AuditsApiRoute, "$default">, Operation> = {
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
    answers: {
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
    answers: {
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
      "A request searches 5 MB of an index, about 20,000 audits. So a page of a filtered list can have fewer audits " +
      "than its size, or none. It is the last page only if `links.next` is missing.",
    query: listAuditsQuery,
    answers: { 200: { description: "A page.", schema: auditList, example: { data: [anAudit], links: {} } } },
    errors: [400],
  },

  "GET /v2/issuers/{organizationId}/audits/{auditId}": {
    operationId: "getAudit",
    summary: "Get one audit with its timeline and notifications.",
    answers: { 200: { description: "The audit.", schema: oneAudit, example: { data: anAuditInDetail } } },
  },

  "PATCH /v2/issuers/{organizationId}/audits/{auditId}": {
    operationId: "changeAudit",
    summary: "Change the issuer's own data on an audit.",
    description:
      "What is not named stays; null removes. Events that came about before keep what they have, and Kard is not told.",
    body: {
      schema: changeAuditBody,
      example: { data: { type: "audit", attributes: { reference: "CASE-4711" } } },
    },
    answers: { 200: { description: "The audit.", schema: oneAudit, example: { data: anAuditInDetail } } },
  },

  "POST /v2/issuers/{organizationId}/audits/{auditId}/refresh": {
    operationId: "refreshAudit",
    summary: "Read an audit's status from Kard now.",
    answers: {
      200: {
        description: "The audit with its current status at Kard.",
        schema: oneAudit,
        example: { data: anAuditInDetail },
      },
      202: {
        description: "Kard could not be reached. The tracker will retry.",
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
    answers: {
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
    answers: { 201: { description: "The audit is stored.", schema: shownLegacyAudit, example: aLegacyAudit } },
    errors: [409, 422],
    errorStyle: "legacy",
    ofKard: true,
  },

  "GET /transactions/audit/{auditId}": {
    operationId: "getLegacyAudit",
    summary: "Get an audit's status in the shape of Kard's legacy call.",
    answers: { 200: { description: "The audit.", schema: shownLegacyAudit, example: aLegacyAudit } },
    errorStyle: "legacy",
  },

  "GET /health": {
    operationId: "getHealth",
    summary: "Check whether the API answers.",
    answers: { 200: { description: "The API answers.", schema: health, example: { status: "ok" } } },
  },

  "POST /v2/auth/token": {
    operationId: "createToken",
    summary: "Get an access token for an API key, as Kard's clients do.",
    description:
      "OAuth 2.0 client credentials: `client_id` is the key's id, `client_secret` the key. Kard's SDKs send them as JSON; " +
      "Kard's guide sends a form with `Authorization: Basic base64(client_id:client_secret)`. The access token is as good as " +
      "the key, and is revoked with it. With `X-Kard-Target-Issuer` it is for that issuer alone.",
    headers: ["X-Kard-Target-Issuer"],
    body: {
      schema: tokenBody,
      form: tokenForm,
      example: { client_id: "fy3hbcnqcn5m", client_secret: "kat_fy3hbcnqcn5m_EXAMPLE" },
    },
    answers: {
      200: {
        description: "The token.",
        schema: shownToken,
        example: { access_token: "kat_fy3hbcnqcn5m_EXAMPLE", expires_in: 3600, token_type: "Bearer" },
      },
    },
    errors: [401, 404],
  },

  "GET /v2/ping": {
    operationId: "ping",
    summary: "Whether the interface can be reached, as Kard's call of this name.",
    answers: {
      200: {
        description: "It can.",
        schema: ping,
        example: { message: "pong", status: "ok", timestamp: "2026-03-14T12:00:00.000Z" },
      },
    },
  },

  "GET /console": {
    operationId: "getConsole",
    summary: "The page where support agents look up disputes.",
    answers: { 200: { description: "The page.", contentType: "text/html" } },
  },

  "GET /openapi.json": {
    operationId: "getOpenApi",
    summary: "This document.",
    answers: { 200: { description: "The document." } },
  },
};
