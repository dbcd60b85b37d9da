import pMap from "p-map";
import type { z } from "zod";
import type { Audit, AuditKey } from "../core/audits/audit.ts";
import type { AuditListing } from "../core/audits/ports.ts";
import { timestamp } from "../core/events/events.ts";
import type { NotificationStore } from "../core/notifications/ports.ts";
import { pageLinks } from "../core/shared/page-token.ts";
import type { PollPlan } from "../core/tracking/poll-plan.ts";
import { type HttpRequest, issuerOf, type Route } from "../platform/http.ts";
import { HttpError, httpError } from "../platform/http-error.ts";
import { readJson, readQuery } from "../platform/json-body.ts";
import { adoptAnswer } from "./adopt-answer.ts";
import { type AdoptAuditsDeps, adoptAudits } from "./adopt-audits.ts";
import { auditDetails, auditResource } from "./audit-details.ts";
import {
  adoptAuditsBody,
  createAuditsBody,
  createLegacyAuditBody,
  resolveAuditBody,
  userIdParameter,
} from "./audit-input.ts";
import type { ping } from "./audit-shapes.ts";
import { callersOrganization } from "./callers-organization.ts";
import { changeOwnData } from "./change-own-data.ts";
import { createAnswer } from "./create-answer.ts";
import { findExistingAudit, nameExisting } from "./existing-audit.ts";
import { findAudit } from "./find-audit.ts";
import { fingerprintOf, idempotencyOf } from "./idempotency-key.ts";
import { type IssueTokenDeps, issueToken } from "./issue-token.ts";
import { legacyAudit, legacyErrorBody } from "./legacy-audit.ts";
import { listAuditsQuery } from "./list-input.ts";
import { changeAuditBody } from "./own-data-input.ts";
import { refreshAudit } from "./refresh-audit.ts";
import { resolveAudit } from "./resolve-audit.ts";
import { resolvedAudit } from "./resolved-audit.ts";
import type { AuditsApiRoute } from "./routes.ts";
import {
  type RequestResult,
  type SubmitRequestsDeps,
  type SubmitRequestsInput,
  submitRequests,
} from "./submit-requests.ts";
import { readTokenRequest } from "./token-input.ts";

export interface AuditsApiDeps extends SubmitRequestsDeps, AdoptAuditsDeps, IssueTokenDeps {
  kard: SubmitRequestsDeps["kard"] & AdoptAuditsDeps["kard"];
  listing: AuditListing;
  notifications: NotificationStore;
  pollPlan: PollPlan;
}

/** The routes of the function: each parses the request, makes one call and maps its result. */
export function respond(
  deps: AuditsApiDeps,
): Record<Exclude<AuditsApiRoute, "GET /console" | "GET /openapi.json">, Route> {
  const submit = async (input: SubmitRequestsInput) => {
    const outcome = await submitRequests(deps)(input);
    if (outcome.outcome === "submitted") return outcome;
    throw httpError(422, "this Idempotency-Key was already used with another request; use a new key", {
      header: "Idempotency-Key",
    });
  };

  const find = async (organizations: readonly string[], id: string | undefined): Promise<Audit> => {
    const audit = id === undefined ? undefined : await findAudit(deps)(organizations, id);
    if (audit === undefined) throw httpError(404, "there is no such audit");
    return audit;
  };

  const existingAudits = async (results: readonly RequestResult[]): Promise<Map<string, AuditKey>> => {
    const refused = results.flatMap((result) => (result.result === "refused" ? [result.audit] : []));
    const found = await pMap(refused, async (audit) => [audit.auditId, await findExistingAudit(deps)(audit)] as const, {
      concurrency: 10,
    });
    return new Map(found.flatMap(([auditId, existing]) => (existing === undefined ? [] : [[auditId, existing]])));
  };

  const details = async (audit: Audit) => {
    const notifications = await deps.notifications.listOfAudit(audit);
    return auditDetails(audit, notifications, deps.pollPlan, deps.clock());
  };

  return {
    "POST /v2/issuers/{organizationId}/users/{userId}/audits": {
      async respond(request) {
        const { organizationId, userId } = issuersUser(request);
        const { data } = readJson(createAuditsBody, request.body);
        const requests = data.map(({ attributes }) => attributes);
        const idempotency = idempotencyOf(request);
        const fingerprint = fingerprintOf(request);
        const { results, isRepeat } = await submit({ organizationId, userId, requests, idempotency, fingerprint });
        const answer = createAnswer(results, await existingAudits(results));
        return { ...answer, headers: repeatHeader(isRepeat) };
      },
    },

    "POST /v2/issuers/{organizationId}/users/{userId}/audits/adopt": {
      async respond(request) {
        const { organizationId, userId } = issuersUser(request);
        const { data } = readJson(adoptAuditsBody, request.body);
        const ids = data.map(({ attributes }) => attributes.kardAuditId);
        return adoptAnswer(await adoptAudits(deps)(organizationId, userId, ids));
      },
    },

    "GET /v2/issuers/{organizationId}/audits": {
      async respond(request) {
        const organizationId = issuerOf(request);
        const { filter, size, from, order } = readQuery(listAuditsQuery, request.query);
        const { items, next } = await deps.listing.list(organizationId, filter, size, from, order);
        return { statusCode: 200, body: { data: items.map(auditResource), links: pageLinks(request, next) } };
      },
    },

    "GET /v2/issuers/{organizationId}/audits/{auditId}": {
      async respond(request) {
        const audit = await find([issuerOf(request)], request.parameters.auditId);
        return { statusCode: 200, body: { data: await details(audit) } };
      },
    },

    "PATCH /v2/issuers/{organizationId}/audits/{auditId}": {
      async respond(request) {
        const audit = await find([issuerOf(request)], request.parameters.auditId);
        const { attributes } = readJson(changeAuditBody, request.body).data;
        return { statusCode: 200, body: { data: await details(await changeOwnData(deps)(audit, attributes)) } };
      },
    },

    "POST /v2/issuers/{organizationId}/audits/{auditId}/refresh": {
      async respond(request) {
        const audit = await find([issuerOf(request)], request.parameters.auditId);
        const refreshed = await refreshAudit(deps)(audit);
        return { statusCode: refreshed.asked ? 200 : 202, body: { data: await details(refreshed.audit) } };
      },
    },

    "POST /v2/issuers/{organizationId}/audits/{auditId}/resolve": {
      async respond(request) {
        const audit = await find([issuerOf(request)], request.parameters.auditId);
        const { attributes } = readJson(resolveAuditBody, request.body).data;
        const resolved = resolvedAudit(await resolveAudit(deps)(audit, attributes), deps.clock());
        return { statusCode: resolved.isWaiting ? 202 : 200, body: { data: await details(resolved.audit) } };
      },
    },

    "POST /transactions/audit": {
      errorBody: legacyErrorBody,
      async respond(request) {
        const organizationId = callersOrganization(request);
        const body = readJson(createLegacyAuditBody, request.body);
        const idempotency = idempotencyOf(request);
        const submitted = await submit({
          ...{ organizationId, userId: undefined, requests: [body], idempotency },
          fingerprint: fingerprintOf(request),
        });
        const [result] = submitted.results;
        const headers = repeatHeader(submitted.isRepeat);
        if (result === undefined || result.result === "not-stored") throw new Error("an audit has no result");
        const { refusal } = result.audit;
        if (result.result === "refused" && refusal !== undefined) {
          const existing = await findExistingAudit(deps)(result.audit);
          throw new HttpError(refusal.status, nameExisting(refusal.errors, existing), headers);
        }
        return { statusCode: 201, body: legacyAudit(result.audit), headers };
      },
    },

    "GET /transactions/audit/{auditId}": {
      errorBody: legacyErrorBody,
      async respond(request) {
        const audit = await find(request.caller.organizations, request.parameters.auditId);
        return { statusCode: 200, body: legacyAudit(audit) };
      },
    },

    "POST /v2/auth/token": {
      async respond(request) {
        const body = await issueToken(deps)(readTokenRequest(request), request.headers["x-kard-target-issuer"]);
        // RFC 6749, 5.1.
        return { statusCode: 200, body, headers: { "cache-control": "no-store" } };
      },
    },

    "GET /v2/ping": {
      async respond() {
        const body: z.infer<typeof ping> = { message: "pong", status: "ok", timestamp: timestamp(deps.clock()) };
        return { statusCode: 200, body };
      },
    },

    "GET /health": { respond: async () => ({ statusCode: 200, body: { status: "ok" } }) },

    $default: {
      // The path is not repeated in the error, because it may contain an API key by mistake.
      respond: async () => {
        throw httpError(404, "there is no such path");
      },
    },
  };
}

function issuersUser(request: HttpRequest): { organizationId: string; userId: string } {
  return { organizationId: issuerOf(request), userId: userIdParameter(request.parameters.userId) };
}

/** Marks a replayed response, with the header name that Stripe's API uses. */
function repeatHeader(isRepeat: boolean): Record<string, string> {
  return isRepeat ? { "idempotent-replayed": "true" } : {};
}
