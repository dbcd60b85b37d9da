import { auditList } from "../../../../functions/audits-api/audit-shapes.ts";
import { listEventsQuery } from "../../../../functions/audits-api/event-input.ts";
import { eventFeed } from "../../../../functions/audits-api/event-shapes.ts";
import { listAuditsQuery } from "../../../../functions/audits-api/list-input.ts";
import { statsQuery } from "../../../../functions/audits-api/stats-input.ts";
import { statsResponse } from "../../../../functions/audits-api/stats-shapes.ts";
import { anAudit, anEvent } from "./audit-examples.ts";
import type { Operation } from "./operation.ts";
import { someStats } from "./stats-example.ts";

/** The operations that read many audits: list, figures, event feed. */
export const auditListOperations = {
  "GET /v2/issuers/{organizationId}/audits": {
    operationId: "listAudits",
    summary: "List audits, newest first.",
    description:
      "A request searches about 12,000 audits. So a page of a filtered list can have fewer audits " +
      "than its size, or none, and a page ends where a response would exceed 6 MB. It is the last page only if " +
      "`links.next` is missing.",
    query: listAuditsQuery,
    responses: { 200: { description: "A page.", schema: auditList, example: { data: [anAudit], links: {} } } },
    errors: [400],
  },

  "GET /v2/issuers/{organizationId}/stats": {
    operationId: "getStats",
    summary: "Show an issuer's figures.",
    description:
      "Open audits as they are now, and the days of a period: 30 days by default, and the last 92 of a longer one. Days are days of " +
      "UTC. `isComplete` says where a bound was reached: call again, and it counts on.",
    query: statsQuery,
    responses: { 200: { description: "The figures.", schema: statsResponse, example: { data: someStats } } },
    errors: [400],
  },

  "GET /v2/issuers/{organizationId}/events": {
    operationId: "listEvents",
    summary: "List all events in the order of publication.",
    description:
      "Each event has the bytes that webhooks carry. The feed ends two minutes before the present, so that no event " +
      "appears before one that was read; `page[recent]` adds the rest. `links.next` continues after the last event, also later; it is absent if " +
      "there is none. An event may appear twice, with the same id. Events about webhooks (`subscription.*`, " +
      "`notification.failed`) are left out unless the key also has the scope `notifications:read`.",
    query: listEventsQuery,
    responses: {
      200: {
        description: "A page.",
        schema: eventFeed,
        example: { data: [anEvent], meta: { hasNextPage: false }, links: {} },
      },
    },
    errors: [400],
  },
} satisfies Record<string, Operation>;
