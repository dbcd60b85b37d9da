import pMap from "p-map";
import type { Audit, AuditKey } from "../core/audits/audit.ts";
import type { AuditListing } from "../core/audits/ports.ts";
import type { NotificationStore } from "../core/notifications/ports.ts";
import type { EventFeed } from "../core/publishing/ports.ts";
import { pageLinks } from "../core/shared/page-token.ts";
import type { PollPlan } from "../core/tracking/poll-plan.ts";
import { type HttpRequest, issuerOf, type Route } from "../platform/http.ts";
import { readJson, readQuery } from "../platform/json-body.ts";
import { type AdoptAuditsDeps, adoptAudits } from "./adopt/adopt-audits.ts";
import { adoptResponse } from "./adopt/adopt-response.ts";
import { changeAuditBody } from "./annotations-input.ts";
import { auditDetails } from "./audit/audit-details.ts";
import { changeAnnotations } from "./audit/change-annotations.ts";
import { findAuditOr404 } from "./audit/find-audit.ts";
import { refreshAudit } from "./audit/refresh-audit.ts";
import { resolveAudit } from "./audit/resolve-audit.ts";
import { resolvedAudit } from "./audit/resolved-audit.ts";
import { adoptAuditsBody, createAuditsBody, resolveAuditBody, userIdParameter } from "./audit-input.ts";
import { listEventsQuery } from "./event-input.ts";
import { listAuditsQuery } from "./list-input.ts";
import { listAudits } from "./lists/list-audits.ts";
import { listEvents } from "./lists/list-events.ts";
import { type ReadStatsDeps, readStats } from "./lists/read-stats.ts";
import type { AuditsApiRoute } from "./routes.ts";
import { statsQuery } from "./stats-input.ts";
import { createResponse } from "./submit/create-response.ts";
import { findExistingAudit } from "./submit/existing-audit.ts";
import { fingerprintOf, idempotencyOf } from "./submit/idempotency-key.ts";
import { repeatHeader, submitOrRefuse } from "./submit/submit-or-refuse.ts";
import type { RequestResult, SubmitRequestsDeps } from "./submit/submit-requests.ts";

export interface AuditRoutesDeps extends SubmitRequestsDeps, AdoptAuditsDeps, ReadStatsDeps {
  kard: SubmitRequestsDeps["kard"] & AdoptAuditsDeps["kard"];
  listing: AuditListing;
  feed: EventFeed;
  notifications: NotificationStore;
  pollPlan: PollPlan;
}

/** The routes below `/v2/issuers`: each parses the request, makes one call and maps its result. */
export function auditRoutes(deps: AuditRoutesDeps) {
  const submit = submitOrRefuse(deps);
  const find = findAuditOr404(deps);

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
        const response = createResponse(results, await existingAudits(results));
        return { ...response, headers: repeatHeader(isRepeat) };
      },
    },

    "POST /v2/issuers/{organizationId}/users/{userId}/audits/adopt": {
      async respond(request) {
        const { organizationId, userId } = issuersUser(request);
        const { data } = readJson(adoptAuditsBody, request.body);
        const ids = data.map(({ attributes }) => attributes.kardAuditId);
        return adoptResponse(await adoptAudits(deps)(organizationId, userId, ids));
      },
    },

    "GET /v2/issuers/{organizationId}/audits": {
      async respond(request) {
        const organizationId = issuerOf(request);
        const { audits, next } = await listAudits(deps)(organizationId, readQuery(listAuditsQuery, request.query));
        return { statusCode: 200, body: { data: audits, links: pageLinks(request, next) } };
      },
    },

    "GET /v2/issuers/{organizationId}/events": {
      async respond(request) {
        const query = readQuery(listEventsQuery, request.query);
        const { events, hasNextPage, next } = await listEvents(deps)(issuerOf(request), query, request.caller.scopes);
        return { statusCode: 200, body: { data: events, meta: { hasNextPage }, links: pageLinks(request, next) } };
      },
    },

    "GET /v2/issuers/{organizationId}/stats": {
      async respond(request) {
        const period = readQuery(statsQuery, request.query);
        return { statusCode: 200, body: { data: await readStats(deps)(issuerOf(request), period) } };
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
        return { statusCode: 200, body: { data: await details(await changeAnnotations(deps)(audit, attributes)) } };
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
  } satisfies Partial<Record<AuditsApiRoute, Route>>;
}

function issuersUser(request: HttpRequest): { organizationId: string; userId: string } {
  return { organizationId: issuerOf(request), userId: userIdParameter(request.parameters.userId) };
}
